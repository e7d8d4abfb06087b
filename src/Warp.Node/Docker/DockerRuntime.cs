using System.Collections.Immutable;
using Warp.Cluster.Containers;
using Warp.Cluster.Identity;
using Warp.Cluster.Specs;

namespace Warp.Node.Docker;

/// <summary>The runtime port on a Docker engine of API 1.41 (Engine 20.10) or newer.</summary>
internal sealed class DockerRuntime : IContainerRuntime, IDisposable
{
    private readonly DockerEngine _engine;
    private readonly DockerContainers _containers;
    private readonly DockerNetworks _networks;
    private readonly DockerImages _images;

    /// <summary>On the given connection, which stays the caller's.</summary>
    /// <param name="engine">The connection.</param>
    /// <param name="logins">At registries; null: those that <c>docker login</c> left on this host.</param>
    /// <param name="others">The other runners, for images that no registry has; null when there are none.</param>
    public DockerRuntime(DockerEngine engine, IRegistryLogins? logins = null, IImageSource? others = null)
        : this(engine, HostRanges.Read, logins, others)
    {
    }

    internal DockerRuntime(DockerEngine engine, Func<ImmutableArray<Ipv4Range>> hostRanges, IRegistryLogins? logins = null, IImageSource? others = null)
    {
        _engine = engine;
        _containers = new DockerContainers(engine);
        _networks = new DockerNetworks(engine, hostRanges);
        _images = new DockerImages(engine, logins ?? new RegistryCredentials(engine.Options.RegistryCredentialsFile), others);
    }

    /// <inheritdoc/>
    public Task<RuntimeResult<EngineInfo>> PingAsync(CancellationToken cancellationToken) =>
        _engine.RunAsync<EngineInfo>(
            "ask for its version", async token => new EngineInfo((await _engine.Client.System.GetVersionAsync(token)).Version), cancellationToken);

    /// <inheritdoc/>
    public Task<RuntimeResult<ImmutableArray<ObservedContainer>>> ListAsync(CancellationToken cancellationToken) =>
        _engine.RunAsync("list the containers", _containers.ListAsync, cancellationToken);

    /// <inheritdoc/>
    public Task<RuntimeResult<ObservedContainer>> InspectAsync(string containerId, CancellationToken cancellationToken) =>
        _engine.RunAsync($"inspect container {containerId}", token => _containers.InspectAsync(containerId, token), cancellationToken);

    /// <inheritdoc/>
    public Task<RuntimeResult<BridgeNetwork>> EnsureNetworkAsync(DeploymentName deployment, CancellationToken cancellationToken) =>
        _engine.RunAsync($"make the network of '{deployment}'", token => _networks.EnsureAsync(deployment, token), cancellationToken);

    /// <inheritdoc/>
    public Task<RuntimeResult<ImmutableArray<BridgeNetwork>>> ListNetworksAsync(CancellationToken cancellationToken) =>
        _engine.RunAsync("list the networks", _networks.ListAsync, cancellationToken);

    /// <inheritdoc/>
    public Task<RuntimeResult<Done>> RemoveNetworkAsync(DeploymentName deployment, CancellationToken cancellationToken) =>
        _engine.RunAsync($"remove the network of '{deployment}'", token => _networks.RemoveAsync(deployment, token), cancellationToken);

    /// <inheritdoc/>
    public async Task<RuntimeResult<ImageInfo>> EnsureImageAsync(string image, PullPolicy pull, IProgress<string> progress, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_engine.Options.PullTimeout);
        try
        {
            return await _engine.RunAsync($"have the image '{image}'", Timeout.InfiniteTimeSpan, token => _images.EnsureAsync(image, pull, progress, token), limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return ImageFailure.TooSlow(image, _engine.Options.PullTimeout);
        }
    }

    /// <inheritdoc/>
    public Task<RuntimeResult<string>> CreateAsync(ContainerPlan plan, CancellationToken cancellationToken) =>
        _engine.RunAsync($"create the container of {plan.Instance}", token => _containers.CreateAsync(plan, token), cancellationToken);

    /// <inheritdoc/>
    public Task<RuntimeResult<ObservedContainer>> StartAsync(string containerId, CancellationToken cancellationToken) =>
        _engine.RunAsync($"start container {containerId}", token => _containers.StartAsync(containerId, token), cancellationToken);

    /// <inheritdoc/>
    public Task<RuntimeResult<Done>> StopAsync(string containerId, TimeSpan grace, CancellationToken cancellationToken) =>
        _engine.RunAsync($"stop container {containerId}", _engine.Options.CallTimeout + grace, token => _containers.StopAsync(containerId, grace, token), cancellationToken);

    /// <inheritdoc/>
    public Task<RuntimeResult<Done>> RemoveAsync(string containerId, CancellationToken cancellationToken) =>
        _engine.RunAsync($"remove container {containerId}", token => _containers.RemoveAsync(containerId, token), cancellationToken);

    /// <inheritdoc/>
    public IDisposable Watch(Action<RuntimeEvent> onEvent) => new DockerWatch(_engine, onEvent);

    /// <inheritdoc/>
    public void Dispose() => _networks.Dispose();
}
