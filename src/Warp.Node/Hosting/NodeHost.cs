using System.Collections.Immutable;
using System.Net;
using Akka.Actor;
using Microsoft.Extensions.Logging;
using Warp.Cluster.Hosting;
using Warp.Cluster.Protocol;
using Warp.Node.Configuration;
using Warp.Node.Diagnosis;
using Warp.Node.Diagnosis.Checks;
using Warp.Node.Http;
using Warp.Node.Journal;
using Warp.Node.Security;

namespace Warp.Node.Hosting;

/// <summary>The node process: what <c>warp run</c> starts.</summary>
public static class NodeHost
{
    // The service manager's usual limit is 90 s; a node that hands over its deployments needs a few. Open connections have their own deadline beside it.
    private static readonly TimeSpan LeavePatience = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan RequestPatience = TimeSpan.FromSeconds(2);

    /// <summary>Runs the node until a signal asks it to stop, or until it is told through the cluster to leave.</summary>
    /// <param name="sources">Where the settings come from.</param>
    /// <returns><see cref="ExitCode.Ok"/> after a wanted stop, <see cref="ExitCode.Crashed"/> after an unforeseen failure, whose stack trace is in the log.</returns>
    /// <exception cref="OperatorException">The node cannot start; the message says why.</exception>
    public static async Task<ExitCode> RunAsync(SettingsSources sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        var settings = SettingsLoader.Load(sources);
        settings.Data.Create();
        using var folder = DataFolderLock.Take(settings.Data);
        using var loggers = NodeLogging.Create(settings.LogLevel);
        var log = loggers.CreateLogger(typeof(NodeHost));
        using var crashes = new CrashLog(log);
        try
        {
            return await RunAsync(settings, loggers, log);
        }
        catch (Exception failure) when (failure is not OperatorException)
        {
            log.LogCritical(failure, "The node ended unexpectedly; its containers keep running");
            return ExitCode.Crashed;
        }
    }

    private static async Task<ExitCode> RunAsync(WarpSettings settings, ILoggerFactory loggers, ILogger log)
    {
        using var signals = new StopSignals(log);
        var credentials = new FileCredentialSource(settings.Data, settings.Node, settings.Certificates.ClockTolerance);
        WarnOfExpiry(credentials.Current, log);
        using var reload = new CredentialReload(credentials, log);
        if (settings.Node.Roles.Contains(ClusterRoles.Control, StringComparer.Ordinal))
        {
            JournalPlace.Prepare(settings);
        }

        _ = ClusterKey.Ensure(settings.Data, settings.Node);

        // Whatever can find its port taken starts before the node becomes a member.
        var access = new ClusterAccess();
        await using var dataPlane = await DataPlane.StartAsync(settings, credentials, loggers);
        await using var ingress = await NodeIngress.StartAsync(settings, credentials, access, dataPlane.Dialer, loggers);
        await using var certificates = new NodeCertificates(settings, credentials, access, loggers);
        var doctor = new Doctor([.. dataPlane.Checks, new CertificateCheck(credentials, () => certificates.Trust.Problems)], new PeerProbe(credentials));
        var metrics = new NodeMetrics(settings, credentials, access, dataPlane);
        await using var management = new ManagementServer(
            ManagementOf(settings), credentials, access, dataPlane.Containers, dataPlane.Denials, new NodeObservation(metrics, dataPlane.Flows), settings.Data, loggers, ingress.Urls, dataPlane.Images, ingress.Signer, certificates.Signer, doctor);
        await management.StartAsync(CancellationToken.None);
        var ports = dataPlane.Ports with { Ingress = ingress.Holder, Trust = certificates.Trust };
        await using var actors = new ActorSystemHost(settings, credentials, StartActors, access, loggers);
        actors.Start();
        certificates.Start();
        log.LogInformation("Node {Runner} of cluster {Cluster} runs; data folder {Folder}", settings.Node.Runner, settings.Node.Cluster, settings.Data.Root);

        await await Task.WhenAny(signals.Asked, actors.Ended);
        using (var requests = new CancellationTokenSource(RequestPatience))
        {
            await management.StopAsync(requests.Token);
        }

        await Task.WhenAll(dataPlane.LeaveAsync(LeavePatience), ingress.StopAsync(), actors.StopAsync(LeavePatience));
        log.LogInformation("Stopped");
        return ExitCode.Ok;

        ClusterHandles StartActors(ActorSystem system, ImmutableArray<NodeEndpoint> known)
        {
            metrics.Listen(system);
            return NodeActors.Start(system, settings, known, ports, dataPlane.Interception, dataPlane.Logins);
        }
    }

    private static void WarnOfExpiry(NodeCredentials credentials, ILogger log)
    {
        var end = credentials.Certificate.NotAfter.ToUniversalTime();
        if (end - DateTime.UtcNow < NodeTrust.ExpiryWarning)
        {
            log.LogWarning("The certificate of {Runner} ends on {End:u}; after that no other node will talk to this one", credentials.Runner, end);
        }
    }

    private static ManagementOptions ManagementOf(WarpSettings settings) => new(
        IPAddress.Parse(settings.Management.BindAddress), settings.Management.BindPort == 0 ? settings.Ports.Management : settings.Management.BindPort, settings.Management.SocketPath)
    {
        Akka = settings.Management.Akka,
        RateLimit = settings.Management.RateLimit,
        Audit = settings.Management.Audit,
        AskTimeout = settings.Management.AskTimeout,
        DrainDeadline = settings.Cluster.DrainDeadline,
        MaxContextBytes = settings.Docker.BuildContextMegabytes * 1024L * 1024L,
    };
}
