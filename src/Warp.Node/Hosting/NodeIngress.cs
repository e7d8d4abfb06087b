using System.Net;
using Microsoft.Extensions.Logging;
using Warp.Cluster.Runners;
using Warp.Node.Configuration;
using Warp.Node.Http;
using Warp.Node.Ingress;
using Warp.Node.Ingress.Certificates;
using Warp.Node.Relay.Dialing;
using Warp.Node.Security;

namespace Warp.Node.Hosting;

/// <summary>The public URLs of the node, put together from its settings: made once per process, beside the actor systems that come and go.</summary>
internal sealed class NodeIngress : IAsyncDisposable
{
    private readonly IngressServer? _server;
    private Task? _stopped;

    private NodeIngress(WarpSettings settings, ICredentialSource credentials, IClusterAccess cluster, IServiceDialer dialer, ILoggerFactory loggers)
    {
        var ingress = settings.Ingress;
        Urls = new PublicUrls(ingress.Domains, ingress.HttpsPort == 0 ? PublicUrls.HttpsDefault : ingress.HttpsPort);
        var routes = new PublicRouteTable(Urls, dialer);
        Signer = new AuthoritySigner(settings.Node.Runner, settings.Data, ingress.Domains, routes, TimeProvider.System);
        if (!ingress.Serves)
        {
            Holder = new ClosedIngress(routes, wanted: ingress.HttpsPort != 0);
            return;
        }

        var certificates = new CertificateKeeper(
            new CertificateFolders(settings.Data.IngressFolder, settings.Data.IssuedCertificatesFolder),
            ingress.Domains,
            routes,
            new ClusterIssuer(Signer, new AuthorityClient(cluster, new ActorGateway(cluster, settings.Management.AskTimeout), credentials)),
            new CertificateKeeperTimes(TimeProvider.System),
            loggers.CreateLogger<CertificateKeeper>());
        var options = new IngressOptions(IPAddress.Parse(settings.BindAddress), ingress.HttpsPort, ingress.HttpPort == 0 ? null : ingress.HttpPort);
        _server = new IngressServer(options, Urls, routes, certificates, loggers);
        Holder = _server;
    }

    /// <summary>How the runner's actors reach it.</summary>
    public IPublicRouteHolder Holder { get; }

    /// <summary>Which URLs services have.</summary>
    public PublicUrls Urls { get; }

    /// <summary>Signs certificates for the ingress of every node, where the cluster's CA is.</summary>
    public AuthoritySigner Signer { get; }

    /// <summary>Makes it and opens its ports, or goes on trying to.</summary>
    public static async Task<NodeIngress> StartAsync(WarpSettings settings, ICredentialSource credentials, IClusterAccess cluster, IServiceDialer dialer, ILoggerFactory loggers)
    {
        var made = new NodeIngress(settings, credentials, cluster, dialer, loggers);
        await (made._server?.StartAsync() ?? Task.CompletedTask);
        return made;
    }

    /// <summary>Takes no new requests; those under way have a moment to finish.</summary>
    public Task StopAsync() => _stopped ??= _server?.DisposeAsync().AsTask() ?? Task.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync();
}
