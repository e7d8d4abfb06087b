using System.Collections.Immutable;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;

namespace Warp.Node.Routing;

/// <summary>The ways from one calling instance to one service: instances here or runners elsewhere, never both. Made once per snapshot.</summary>
/// <param name="caller">The calling instance.</param>
/// <param name="callerAddress">Its IST address, from which containers here are dialled.</param>
/// <param name="target">The service wanted.</param>
/// <param name="here">Containers of this runner to choose from.</param>
/// <param name="elsewhere">Runners to choose from; used when <paramref name="here"/> is empty, and one of both is not.</param>
/// <param name="hasAlternatives">Whether the service serves on several runners.</param>
public sealed class EntryWay(
    InstanceId caller, Ipv4Address callerAddress, ServiceName target, ImmutableArray<LocalInstance> here, ImmutableArray<EntryTarget> elsewhere, bool hasAlternatives)
{
    /// <summary>The calling instance.</summary>
    public InstanceId Caller => caller;

    /// <summary>The caller's IST address.</summary>
    public Ipv4Address CallerAddress => callerAddress;

    /// <summary>The service wanted.</summary>
    public ServiceName Target => target;

    /// <summary>Containers of this runner to choose from.</summary>
    public ImmutableArray<LocalInstance> Here => here;

    /// <summary>Runners to choose from.</summary>
    public ImmutableArray<EntryTarget> Elsewhere => elsewhere;

    /// <summary>Whether the service serves on several runners: then one that cannot take a connection now refuses it at once, and it is for another one.</summary>
    public bool HasAlternatives => hasAlternatives;
}

/// <summary>A way from one calling instance to one service on one runner; made once per snapshot, so that an OPEN frame's constant part can be kept with it.</summary>
/// <param name="Caller">The calling instance.</param>
/// <param name="Target">The service wanted.</param>
/// <param name="Peer">The runner that has it, with its tunnel's endpoint.</param>
/// <param name="Connections">The streams open from this runner to that service there, whoever called.</param>
public sealed record EntryTarget(InstanceId Caller, ServiceName Target, Peer Peer, ConnectionCount Connections) : ICounted;
