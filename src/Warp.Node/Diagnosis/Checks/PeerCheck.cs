using System.Collections.Immutable;
using System.Globalization;
using System.Net.Sockets;
using Warp.Cluster.Protocol;

namespace Warp.Node.Diagnosis.Checks;

/// <summary>Whether another runner is reached at each of its ports, proves who it is, has the same time, and carries traffic.</summary>
internal sealed class PeerCheck(PeerPlace place, PeerProbe probe) : ICheck
{
    // The clock is told in whole seconds.
    private static readonly TimeSpan ClockNoise = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public string Name => NameOf(place);

    /// <inheritdoc/>
    public async Task<ImmutableArray<Finding>> LookAsync(CancellationToken cancellationToken) => Judge(await probe.LookAsync(place, cancellationToken));

    internal static ImmutableArray<Finding> Judge(PeerFacts facts)
    {
        ImmutableArray<Finding> found = [.. Ports(facts), .. Answer(facts), .. Clock(facts), .. Link(facts)];
        return found.IsEmpty
            ? [Finding.Ok(NameOf(facts.Place), string.Create(CultureInfo.InvariantCulture, $"answers at {List(facts.Ports)} within {facts.Ports.Max(port => port.Took).TotalMilliseconds:0.0} ms"))]
            : found;
    }

    private static string NameOf(PeerPlace place) => $"peer {place.Runner}";

    private static string List(IEnumerable<PortFacts> ports) => string.Join(", ", ports.Select(port => $"{port.Where} ({port.What})"));

    private static IEnumerable<Finding> Ports(PeerFacts facts)
    {
        var runner = facts.Place.Runner;
        var silent = facts.Ports.Where(port => port.Problem is not null and not SocketError.ConnectionRefused).ToList();
        var refused = facts.Ports.Where(port => port.Problem == SocketError.ConnectionRefused).ToList();
        if (silent.Count == facts.Ports.Length)
        {
            yield return Finding.Problem(NameOf(facts.Place), $"does not answer at all: {List(silent)}", $"is {runner} up, and the network between? Try 'ping {facts.Place.Tunnel.Host}' from here");
        }
        else if (silent.Count > 0)
        {
            yield return Finding.Problem(
                NameOf(facts.Place),
                $"does not answer at {List(silent)}, and does at other ports: something between filters",
                $"let this host in at TCP {string.Join(", ", silent.Select(port => port.Where.Port))} in the firewall of {runner} and of what lies between");
        }

        if (refused.Count > 0)
        {
            yield return Finding.Problem(NameOf(facts.Place), $"nothing listens at {List(refused)}", $"start its node: 'systemctl start warp' on {runner}; if it runs, compare its ports with 'warp runners'");
        }
    }

    private static IEnumerable<Finding> Answer(PeerFacts facts)
    {
        if (facts.Failure is { } failure && facts.Ports.All(port => port.Problem is null))
        {
            yield return Finding.Problem(
                NameOf(facts.Place),
                $"takes connections at {facts.Place.Management} and gives no proper answer: {failure}",
                $"when it is silence, large packets may be lost where small ones are not: compare the MTUs on the way ('ping -M do -s 1472 {facts.Place.Management.Host}'); else 'journalctl -u warp' on {facts.Place.Runner}");
        }
    }

    private static IEnumerable<Finding> Clock(PeerFacts facts)
    {
        if (facts.ClockAhead is not { } ahead || ahead.Duration() < ClockNoise)
        {
            yield break;
        }

        var message = string.Create(CultureInfo.InvariantCulture, $"its clock is {ahead.Duration().TotalSeconds:0} s {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} this one's");
        const string remedy = "let both keep time: 'timedatectl set-ntp true'";
        yield return ahead.Duration() < facts.ClockTolerance
            ? Finding.Warning(NameOf(facts.Place), message, remedy)
            : Finding.Problem(NameOf(facts.Place), $"{message}; certificates are refused beyond {facts.ClockTolerance.TotalMinutes:0} minutes", remedy);
    }

    private static IEnumerable<Finding> Link(PeerFacts facts)
    {
        if (facts.Place.Link is { State: not TunnelState.Up, Problem: { } problem })
        {
            yield return Finding.Problem(NameOf(facts.Place), $"the tunnel to it is not up: {problem}", "it is tried again by itself; 'warp tunnels' shows both ends");
        }
    }
}
