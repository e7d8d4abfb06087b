using Warp.Cluster.Identity;
using Warp.Node.Diagnosis.Paths;

namespace Warp.Node.Tests.Http;

/// <summary>Containers from which every call succeeds, and in which a program listens at the public port.</summary>
internal sealed class ScriptedPaths : IPathProbe
{
    public CallFacts Call { get; set; } = new(null, ["10.201.0.2"], CallFacts.Connected, 1.5);

    public ListenerFacts Listeners { get; set; } = new(null, ["0.0.0.0:8080"]);

    public Task<CallFacts> CallAsync(string containerId, string name, Ipv4Address address, int port, CancellationToken cancellationToken) => Task.FromResult(Call);

    public Task<ListenerFacts> ListenersAsync(string containerId, CancellationToken cancellationToken) => Task.FromResult(Listeners);
}
