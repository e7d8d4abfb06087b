using Microsoft.Extensions.Logging;
using Warp.Cluster.Registries;
using Warp.Cluster.Runners;
using Warp.Node.Configuration;
using Warp.Node.Docker;
using Warp.Node.Images;
using Warp.Node.Images.Builds;
using Warp.Node.Images.Logins;
using Warp.Node.Images.Transfer;
using Warp.Node.Security;

namespace Warp.Node.Hosting;

/// <summary>The ways by which images come to this runner, put together: registries, builds, other runners.</summary>
internal sealed class ImagePlane : IDisposable
{
    private readonly PeerImages _others;

    /// <exception cref="OperatorException">The folder for transfers cannot be made ready.</exception>
    public ImagePlane(WarpSettings settings, DockerEngine engine, IRouteHolder routes, ICredentialSource credentials, ILoggerFactory loggers)
    {
        var file = new RegistryLoginFile(settings.Data.RegistryLoginsFile);
        var logins = new ClusterLogins(settings.Data, file, new RegistryCredentials(engine.Options.RegistryCredentialsFile));
        var peers = new KnownPeers(routes);
        _others = new PeerImages(engine, peers, credentials, loggers.CreateLogger<PeerImages>());
        (Logins, Registries, Routes) = (file, logins, peers);
        Images = new NodeImages(
            new ImageBuilder(engine, logins, settings.Node.Runner, loggers.CreateLogger<ImageBuilder>()),
            new LoginSealer(settings.Data, TimeProvider.System),
            new ImageArchives(engine, new TransferFolder(settings.Data.TransferFolder)));
    }

    /// <summary>Where the cluster's logins are kept on this runner.</summary>
    public IRegistryLoginStore Logins { get; }

    /// <summary>The logins, for pulls.</summary>
    public IRegistryLogins Registries { get; }

    /// <summary>The other runners, for images that no registry has.</summary>
    public IImageSource Others => _others;

    /// <summary>Takes the route snapshots and passes them on: they say which other runners there are.</summary>
    public IRouteHolder Routes { get; }

    /// <summary>For the management API.</summary>
    public NodeImages Images { get; }

    /// <inheritdoc/>
    public void Dispose() => _others.Dispose();
}
