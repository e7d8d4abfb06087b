using System.Text.Json;

namespace Warp.Node.Interception;

/// <summary>Why the kernel's guards do not let a packet pass; each has a named counter in our table.</summary>
public enum GuardReason
{
    /// <summary>The source address does not belong where the packet comes from.</summary>
    FalseSource,

    /// <summary>Somebody who is no container of ours, or the host itself, dialled an IST address.</summary>
    ServiceFromOutside,

    /// <summary>A container dialled an IST address that is none of its deployment's, or is no container that runs, or spoke something else than TCP.</summary>
    UnknownService,

    /// <summary>Somebody outside the deployment's bridge tried to reach a container.</summary>
    Container,

    /// <summary>IPv6 from a container, or to one.</summary>
    Ipv6,

    /// <summary>A container, or for the intercept listener anybody, tried a port of the host that is not open to it.</summary>
    HostPort,

    /// <summary>A container tried a node's port on another runner.</summary>
    NodePort,

    /// <summary>An address made more connections to a port of the node than one may.</summary>
    NodeFlood,

    /// <summary>A container asked for names more often than one may.</summary>
    NameFlood,
}

/// <summary>The counters' names.</summary>
internal static class GuardReasons
{
    /// <summary>The name in the table, such as <c>false_source</c>.</summary>
    internal static string CounterName(this GuardReason reason) => JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString());
}
