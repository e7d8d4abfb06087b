using System.Collections.Immutable;

namespace Warp.Node.Interception.Rules;

/// <summary>A part of a set's key.</summary>
internal enum KeyField
{
    /// <summary>The interface name of a bridge.</summary>
    Interface,

    /// <summary><see cref="SetElement.Address"/>.</summary>
    Address,
}

/// <summary>
/// One named set or map of the table: the part of the rules that changes. The chains are constant and look up in these, so a packet's cost does not depend on the number of deployments.
/// </summary>
/// <param name="Index">Its place in <see cref="All"/>.</param>
/// <param name="Name">Its name in the table.</param>
/// <param name="Key">The concatenated key.</param>
/// <param name="IsMap">Whether an element carries an address as value.</param>
internal sealed record SetSchema(int Index, string Name, ImmutableArray<KeyField> Key, bool IsMap)
{
    /// <summary>Our bridges.</summary>
    public static SetSchema Bridges { get; } = new(0, "bridges", [KeyField.Interface], IsMap: false);

    /// <summary>Each bridge with itself: nftables cannot compare a packet's two interfaces, but it can look the pair up.</summary>
    public static SetSchema BridgePairs { get; } = new(1, "bridge_pairs", [KeyField.Interface, KeyField.Interface], IsMap: false);

    /// <summary>Bridge and address of every container of ours that runs.</summary>
    public static SetSchema Callers { get; } = new(2, "callers", [KeyField.Interface, KeyField.Address], IsMap: false);

    /// <summary>Bridge and IST address of every service of the bridge's deployment, wherever it runs.</summary>
    public static SetSchema Services { get; } = new(3, "services", [KeyField.Interface, KeyField.Address], IsMap: false);

    /// <summary>Bridge and IST address to the container's address, for services with exactly one instance on this runner that serves and is ready.</summary>
    public static SetSchema LocalTargets { get; } = new(4, "local_targets", [KeyField.Interface, KeyField.Address], IsMap: true);

    /// <summary>Container address to the IST address that the called service sees.</summary>
    public static SetSchema CallerAddresses { get; } = new(5, "caller_addresses", [KeyField.Address], IsMap: true);

    /// <summary>The other runners' addresses, as far as they are known by address and not by name.</summary>
    public static SetSchema Runners { get; } = new(6, "runners", [KeyField.Address], IsMap: false);

    /// <summary>The keys of <see cref="LocalTargets"/>: the services that the kernel connects by itself. nftables cannot ask a map whether it has a key.</summary>
    public static SetSchema Direct { get; } = new(7, "direct", [KeyField.Interface, KeyField.Address], IsMap: false);

    /// <summary>All of them, by <see cref="Index"/>.</summary>
    public static ImmutableArray<SetSchema> All { get; } = [Bridges, BridgePairs, Callers, Services, LocalTargets, CallerAddresses, Runners, Direct];

    /// <summary>"set" or "map".</summary>
    public string Kind => IsMap ? "map" : "set";

    /// <summary>The type declaration in nftables' language.</summary>
    public string Type =>
        string.Join(" . ", Key.Select(part => part == KeyField.Interface ? "ifname" : "ipv4_addr")) + (IsMap ? " : ipv4_addr" : "");
}
