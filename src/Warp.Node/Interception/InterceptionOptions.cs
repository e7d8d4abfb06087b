using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Warp.Cluster.Identity;
using Warp.Node.Interception.Native;

namespace Warp.Node.Interception;

/// <summary>How a runner's kernel intercepts and guards the traffic of its containers.</summary>
public sealed partial record InterceptionOptions
{
    /// <summary>Where IST addresses come from; <c>warp.network.ist-range</c>. The same on every runner of the cluster.</summary>
    public Ipv4Range IstRange { get; init; } = Ipv4Range.Parse("10.201.0.0/16");

    /// <summary>Where the deployments' bridges get their subnets from; <c>warp.network.bridge-pool</c>.</summary>
    public Ipv4Range BridgePool { get; init; } = Ipv4Range.Parse("10.208.0.0/12");

    /// <summary>How the interface names of our bridges begin; tells them from foreign users of <see cref="BridgePool"/>.</summary>
    public string BridgeNamePrefix { get; init; } = "warp";

    /// <summary>The TCP port of the relay's intercept listener, on every local address; 1 to 65535.</summary>
    public int InterceptPort { get; init; } = 15001;

    /// <summary>The UDP and TCP port of the node's name server, on every local address, to which questions for names at a bridge's gateway are redirected; 1 to 65535.</summary>
    public int NamesPort { get; init; } = 15053;

    /// <summary>How many questions for names a container may ask in a second by UDP, and at once; what is beyond is dropped.</summary>
    public int NameQuestionsPerSecond { get; init; } = 2_000;

    /// <summary>The name of our table in nftables' <c>inet</c> family; two nodes in one network namespace need two names.</summary>
    public string TableName { get; init; } = "warp";

    /// <summary>TCP and UDP ports of the host that containers may reach, each 1 to 65535; may be empty.</summary>
    public ImmutableArray<int> OpenHostPorts { get; init; } = [80, 443];

    /// <summary>The node's own TCP ports (cluster, tunnel, management); never open to containers.</summary>
    public ImmutableArray<int> NodePorts { get; init; } = [4053, 4054, 8558];

    /// <summary>How many connections one address may begin at one of the node's ports in a second; twice as many at first.</summary>
    public int NodeConnectionsPerSecond { get; init; } = 100;

    /// <summary>How many connections one address may have open at one of the node's ports.</summary>
    public int NodeConnectionsAtOnce { get; init; } = 256;

    /// <summary>The user id whose programs may use IST addresses as their own: the node's, which is this process's when nothing is said.</summary>
    public uint NodeUserId { get; init; } = Libc.EffectiveUser();

    /// <summary>What is wrong with these options, each for a person and naming the setting; empty when they can be used.</summary>
    public ImmutableArray<string> Validate()
    {
        var problems = ImmutableArray.CreateBuilder<string>();
        if (IstRange.Overlaps(BridgePool))
        {
            problems.Add($"warp.network.ist-range ({IstRange}) and warp.network.bridge-pool ({BridgePool}) overlap: choose ranges that share no address");
        }

        if (!Identifier().IsMatch(TableName))
        {
            problems.Add($"'{TableName}' is not a name for an nftables table: use 1 to 60 letters, digits and '_', beginning with a letter");
        }

        foreach (var port in OpenHostPorts.Append(InterceptPort).Append(NamesPort).Where(port => port is < 1 or > 65535))
        {
            problems.Add($"{port} is not a port: use 1 to 65535");
        }

        foreach (var port in OpenHostPorts.Where(port => port == InterceptPort || port == NamesPort || NodePorts.Contains(port)))
        {
            problems.Add($"port {port} is one of the node's own and cannot be opened to containers: take it off the list of open host ports");
        }

        return problems.ToImmutable();
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_]{0,59}\\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: PatternLimits.Milliseconds)]
    private static partial Regex Identifier();
}
