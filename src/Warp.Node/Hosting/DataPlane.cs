using Akka.Actor;
using Microsoft.Extensions.Logging;
using Warp.Node.Configuration;
using Warp.Node.Docker;
using Warp.Node.Interception;
using Warp.Node.Security;

namespace Warp.Node.Hosting;

/// <summary>
/// What carries traffic and runs containers: made once per process, beside the actor systems that come and go. Ending it ends this process's relaying; containers and
/// kernel rules stay.
/// </summary>
internal sealed class DataPlane : IAsyncDisposable
{
    private readonly DockerEngine _engine;
    private readonly DockerRuntime _runtime;

    private DataPlane(DockerEngine engine)
    {
        _engine = engine;
        _runtime = new DockerRuntime(engine);
        Logs = new DockerLogs(engine);
    }

    /// <summary>The output of this runner's containers.</summary>
    public DockerLogs Logs { get; }

    /// <summary>Opens the listeners.</summary>
    /// <exception cref="OperatorException">A port is taken, or ranges clash.</exception>
    public static DataPlane Start(WarpSettings settings, ICredentialSource credentials, ILoggerFactory loggers)
    {
        var interception = new InterceptionOptions
        {
            IstRange = settings.Network.IstRange,
            BridgePool = settings.Network.BridgePool,
            InterceptPort = settings.Network.InterceptPort,
            OpenHostPorts = settings.Network.OpenHostPorts,
            NodePorts = [settings.Ports.Cluster, settings.Ports.Tunnel, settings.Ports.Management],
        };
        if (HostNetwork.Check(interception) is { IsEmpty: false } problems)
        {
            throw new OperatorException(ExitCode.NotConfigured, string.Join(Environment.NewLine, problems));
        }

        var engine = new DockerEngine(new DockerOptions(settings.Node.Cluster, settings.Node.Runner)
        {
            Endpoint = settings.Docker.Endpoint,
            BridgePool = settings.Network.BridgePool,
        });
        return new DataPlane(engine);
    }

    /// <summary>Starts the node's actors on a new actor system.</summary>
    public static ClusterHandles StartActors(ActorSystem system) => new(system, ActorRefs.Nobody);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _runtime.Dispose();
        _engine.Dispose();
        return ValueTask.CompletedTask;
    }
}
