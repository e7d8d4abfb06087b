using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Node.Configuration;
using Warp.Node.Ingress;
using Warp.Node.Ingress.Certificates;
using Warp.Node.Security;

namespace Warp.Bench.Ingress;

/// <summary>
/// The ingress against nginx as a reverse proxy on the same machine: HTTPS in, keep-alive to the same plain HTTP server behind. Both run all the time and are loaded in turn.
/// It needs <c>nginx</c> and <c>wrk</c>.
/// </summary>
internal static class IngressCommand
{
    private const string Host = "app-shop.bench.test";
    private static readonly RunnerId Here = RunnerId.Parse("r1");

    internal static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is not ([] or [_] or [_, _]) || !arguments.All(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _)))
        {
            await Console.Error.WriteLineAsync("warp-bench ingress [SECONDS [CONNECTIONS]]   each load takes SECONDS (10) over CONNECTIONS (32)");
            return 2;
        }

        var seconds = arguments is [var first, ..] ? Number(first) : 10;
        var connections = arguments is [_, var second] ? Number(second) : 32;
        var folder = Directory.CreateTempSubdirectory("warp-bench-");
        try
        {
            WriteCertificate(folder.FullName);
            await using var nginx = await NginxProcess.StartAsync(folder.FullName);
            await using var ingress = await StartIngressAsync(folder.FullName);
            await CompareAsync(seconds, connections, NginxProcess.HttpsPort, ingress.HttpsPort!.Value);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        return 0;
    }

    private static async Task CompareAsync(int seconds, int connections, int nginxPort, int ingressPort)
    {
        const int rounds = 3;
        await Load.RunAsync(ingressPort, Host, 3, connections);
        List<LoadResult> nginx = [], ingress = [];
        for (var round = 1; round <= rounds; round++)
        {
            nginx.Add(await Load.RunAsync(nginxPort, Host, seconds, connections));
            ingress.Add(await Load.RunAsync(ingressPort, Host, seconds, connections));
            Console.WriteLine($"round {round}: nginx {nginx[^1]}; warp {ingress[^1]}");
        }

        var (theirs, ours) = (LoadResult.Median(nginx), LoadResult.Median(ingress));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"median of {rounds}: nginx {theirs}; warp {ours}; ratio: {ours.PerSecond / theirs.PerSecond:0.00} of the requests, {ours.P99 / theirs.P99:0.00} times the p99"));
    }

    private static async Task<IngressServer> StartIngressAsync(string folder)
    {
        var domains = new BaseDomains("bench.test", ImmutableSortedDictionary<string, string>.Empty);
        var urls = new PublicUrls(domains, PublicUrls.HttpsDefault);
        var routes = new PublicRouteTable(urls, new LoopbackDialer());
        var certificates = new CertificateKeeper(
            new CertificateFolders(folder, Path.Combine(folder, "issued")), domains, routes, new NoIssuer(), new CertificateKeeperTimes(TimeProvider.System), NullLogger.Instance);
        var server = new IngressServer(new IngressOptions(IPAddress.Loopback, 0, null), urls, routes, certificates, NullLoggerFactory.Instance);
        server.Publish([new PublicRoutes(
            DeploymentName.Parse("shop"), 1, [new PublicService(ServiceName.Parse("app"), NginxProcess.BackendPort, null, [], 10, [new PublicPlacement(0, 1, Here)])])]);
        await server.StartAsync();
        return server;
    }

    private static void WriteCertificate(string folder)
    {
        using var authority = ClusterAuthority.Create("bench", TimeProvider.System);
        var (requestPem, keyPem) = SigningRequest.Make(["*.bench.test"]);
        SecretFile.Write(Path.Combine(folder, "bench.crt"), authority.IssueServer(SigningRequest.Read(requestPem, out _)!));
        SecretFile.Write(Path.Combine(folder, "bench.key"), keyPem);
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private sealed class NoIssuer : ICertificateIssuer
    {
        public Task<IssuanceResult> IssueAsync(string requestPem, CancellationToken cancellationToken) => Task.FromResult(IssuanceResult.Refused("not needed"));
    }
}
