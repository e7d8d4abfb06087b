using System.Net;
using System.Runtime.InteropServices;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Warp.Cluster.Identity;
using Warp.Node.Relay;
using Warp.Node.Routing;
using Warp.Node.Security;

namespace Warp.Bench.Relay;

/// <summary>
/// The data plane on its own: an entry that listens on an address and an exit that dials a target, over real trunks, without cluster and containers.
/// </summary>
internal static class RelayCommand
{
    private const string Help = """
        warp-bench relay entry --listen ADDR:PORT --peer ADDR:PORT --port TARGETPORT CREDENTIALS [OPTIONS]
        warp-bench relay exit  --listen ADDR:PORT --target ADDR:PORT CREDENTIALS [OPTIONS]
          CREDENTIALS  --cert FILE --key FILE --ca FILE   (PEM; the certificate's URI name is warp://CLUSTER/runner/NAME)
                       --other NAME                       (the runner at the other end)
          OPTIONS      --loops N --trunks N --frame BYTES --framework-tls --log
        """;

    internal static int Usage()
    {
        Console.Error.WriteLine(Help);
        return 2;
    }

    internal static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is not [var role and ("entry" or "exit"), .. var rest] || Arguments.Parse(rest) is not { } given)
        {
            return Usage();
        }

        var credentials = Credentials(given);
        var other = RunnerId.Parse(given.Required("other"));
        var listen = IPEndPoint.Parse(given.Required("listen"));
        var plan = new StaticPlan(role is "entry", credentials.Runner, other, listen, IPEndPoint.Parse(given.Required(role is "entry" ? "peer" : "target")), given.Number("port", 0));
        var options = plan.Options with
        {
            Loops = given.Number("loops", 0),
            TrunksPerPeer = given.Number("trunks", 2),
            MaxFrame = given.Number("frame", new RelayOptions().MaxFrame),
            TlsLibrary = given.Has("framework-tls") ? TlsLibrary.Framework : TlsLibrary.Automatic,
            BindCaller = false,
        };

        using var loggers = LoggerFactory.Create(b => b.AddSimpleConsole().SetMinimumLevel(given.Has("log") ? LogLevel.Debug : LogLevel.Warning));
        var routes = new RouteHolder(credentials.Runner);
        routes.Publish(plan.Routes);
        await using var engine = new RelayEngine(options, routes, new FixedCredentials(credentials), loggers);
        if (engine.Start().Problem is { } problem)
        {
            Console.Error.WriteLine(problem);
            return 1;
        }

        if (role is "entry")
        {
            await engine.Ensure(plan.Peer).OpenTrunkAsync(CancellationToken.None);
        }

        await EndAsync();
        return 0;
    }

    private static NodeCredentials Credentials(Arguments given)
    {
        var (certificatePem, keyPem) = (File.ReadAllText(given.Required("cert")), File.ReadAllText(given.Required("key")));
        var certificate = X509Certificate2.CreateFromPem(certificatePem, keyPem);
        var authority = X509CertificateLoader.LoadCertificateFromFile(given.Required("ca"));
        var uri = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single().Format(multiLine: false)
            .Split(", ").Single(n => n.StartsWith("URI:", StringComparison.Ordinal))["URI:".Length..];
        _ = WarpIdentity.TryParse(uri, out var identity);
        return new NodeCredentials(identity!.Cluster, RunnerId.Parse(identity.Name), certificate, certificatePem, keyPem, [authority]);
    }

    private static async Task EndAsync()
    {
        var end = new TaskCompletionSource();
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        await end.Task;

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            end.TrySetResult();
        }
    }
}
