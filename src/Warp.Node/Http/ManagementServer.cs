using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Node.Configuration;
using Warp.Node.Diagnosis;
using Warp.Node.Http.Access;
using Warp.Node.Http.AkkaManagement;
using Warp.Node.Http.Auditing;
using Warp.Node.Http.Endpoints;
using Warp.Node.Http.OpenApi;
using Warp.Node.Images;
using Warp.Node.Security;

namespace Warp.Node.Http;

/// <summary>The management API of a node: HTTPS for nodes and administrators, a Unix socket for the local administrator. It outlives actor systems.</summary>
/// <param name="options">Where it listens.</param>
/// <param name="credentials">What it proves itself with and whom it trusts; asked at each handshake.</param>
/// <param name="cluster">The way to the actors.</param>
/// <param name="containers">What a person may ask of this runner's containers and volumes.</param>
/// <param name="denials">What this node has refused.</param>
/// <param name="observation">What this node counts.</param>
/// <param name="data">The data folder, which may hold the cluster's CA, and into which the audit log goes.</param>
/// <param name="loggers">Where requests that change something, and failures, are written.</param>
/// <param name="urls">Where the public reaches services; null while this node has no ingress.</param>
/// <param name="images">What this node does with images; null on a node that runs no containers.</param>
/// <param name="certificates">Signs for the ingress of every node, where the cluster's CA is; null on a node without an ingress.</param>
/// <param name="nodeCertificates">Signs for the nodes, where the cluster's CA is; null on a node that never does.</param>
/// <param name="doctor">Looks at this runner for what keeps it from working; null: nothing is looked at.</param>
public sealed class ManagementServer(
    ManagementOptions options, ICredentialSource credentials, IClusterAccess cluster, LocalContainers containers, IDenials denials, NodeObservation observation, DataFolder data, ILoggerFactory loggers, IPublicUrls? urls = null,
    NodeImages? images = null, ICertificateIssuer? certificates = null, INodeCertificateIssuer? nodeCertificates = null, IDoctor? doctor = null) : IAsyncDisposable
{
    private WebApplication? _app;

    /// <summary>The HTTPS listener's address; its port is the real one also when <see cref="ManagementOptions.Port"/> was 0. Meaningful after the start.</summary>
    public IPEndPoint Endpoint { get; private set; } = new(options.BindAddress, options.Port);

    /// <summary>What is answered; meaningful after the start.</summary>
    internal IReadOnlyList<Endpoint> Routes => _app?.Services.GetRequiredService<EndpointDataSource>().Endpoints ?? [];

    /// <summary>Listens; when the task is done, requests are answered.</summary>
    /// <exception cref="OperatorException">A listener cannot be opened.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        SocketFile.Claim(options.SocketPath);
        var app = Build();
        try
        {
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or SocketException)
        {
            await app.DisposeAsync().ConfigureAwait(false);
            throw new OperatorException(
                ExitCode.Unavailable,
                $"The management API cannot listen on {options.BindAddress}:{options.Port}: {failure.Message}. Stop what uses the port, or set another with warp.ports.management.",
                failure);
        }

        _app = app;
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First(text => text.StartsWith("https:", StringComparison.Ordinal));
        Endpoint = new IPEndPoint(options.BindAddress, new Uri(address).Port);
    }

    /// <summary>Takes no new requests, lets those under way finish until the token is cancelled, and removes the Unix socket.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _app, null) is { } app)
        {
            await app.StopAsync(cancellationToken).ConfigureAwait(false);
            await app.DisposeAsync().ConfigureAwait(false);
            SocketFile.Remove(options.SocketPath);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None).ConfigureAwait(false);

    private WebApplication Build()
    {
        // Nothing is read from the surroundings: no appsettings.json, no ASPNETCORE_ variables, no console.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => Listeners.Configure(kestrel, options, credentials));
        builder.WebHost.UseSockets(sockets => sockets.CreateBoundListenSocket = SocketFile.CreateListener);
        builder.Services.AddRoutingCore();
        ApiDocument.AddTo(builder.Services);
        RateLimits.AddTo(builder.Services, options.RateLimit);
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, OwnedLifetime>();
        var app = builder.Build();
        var log = loggers.CreateLogger("Warp.Management");
        var actors = new ActorGateway(cluster, options.AskTimeout);
        var forward = new RunnerForward(actors, credentials);
        var answers = new DeploymentAnswers(urls ?? NoUrls.Instance);

        var auditFile = new AuditFile(data.AuditFile, options.Audit);
        var audit = new AuditLog(auditFile, TimeProvider.System, log);
        app.Use(next => new AuditMiddleware(next, audit).InvokeAsync);
        app.Use(next => new ProblemMiddleware(next, log).InvokeAsync);
        app.UseWebSockets();
        app.UseRouting();
        app.Use(next => new CallerMiddleware(next, credentials).InvokeAsync);
        app.UseRateLimiter();
        app.Use(next => new AccessMiddleware(next, new ProjectAccess(actors), credentials, log).InvokeAsync);
        ApiDocument.Map(app);
        AkkaRoutes.Map(app, cluster, options.Akka);
        DeploymentEndpoints.Map(app, actors, answers);
        ChangeEndpoints.Map(app, actors, answers);
        HistoryEndpoints.Map(app, actors);
        PlanEndpoints.Map(app, actors);
        RunnerEndpoints.Map(app, actors);
        DrainEndpoints.Map(app, actors, options.DrainDeadline);
        DenialEndpoints.Map(app, denials, forward);
        MetricsEndpoint.Map(app, observation.Metrics);
        FlowEndpoints.Map(app, new ClusterFlows(observation.Flows, denials, actors, forward));
        DoctorEndpoints.Map(app, new Examinations(actors, cluster, doctor ?? new Doctor([]), forward), forward);
        ExplainEndpoints.Map(app, new PathSurvey(actors, containers.Paths, denials, forward), containers.Paths, forward);
        LogEndpoints.Map(app, actors, containers.Logs, forward);
        ExecEndpoints.Map(app, actors, containers.Exec, forward);
        VolumeEndpoints.Map(app, actors, containers.Volumes, forward);
        AuditEndpoints.Map(app, auditFile, credentials.Current.Runner);
        RegistryEndpoints.Map(app, actors, images?.Sealer);
        ImageEndpoints.Map(app, images?.Archives);
        IngressEndpoints.Map(app, certificates);
        CertificateEndpoints.Map(app, nodeCertificates);
        JoinEndpoints.Map(app, data, TimeProvider.System);
        AuthorityEndpoints.Map(app, new AuthorityRotation(data, TimeProvider.System, actors));
        BuildEndpoints.Map(app, actors, forward, images?.Builder, options.MaxContextBytes);
        return app;
    }

    private sealed class NoUrls : IPublicUrls
    {
        public static NoUrls Instance { get; } = new();

        public ImmutableArray<string> Of(DeploymentName deployment, ServiceView service) => [];
    }

    /// <summary>The node process has its own signal handling; this server starts and stops only by its methods.</summary>
    private sealed class OwnedLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
