using System.Collections.Immutable;
using Warp.Cluster.Identity;
using Warp.Node.Http;
using Warp.Node.Interception;
using Warp.Node.Relay;
using Warp.Node.Routing;

namespace Warp.Node.Hosting;

/// <summary>What the kernel's guards and the relay have refused, in one report.</summary>
internal sealed class NodeDenials(NftRuleSet rules, RelayEngine relay, RouteHolder routes) : IDenials
{
    private const string Firewall = "Firewall";

    /// <inheritdoc/>
    public async Task<DenialReport> ReadAsync(CancellationToken cancellationToken)
    {
        var refusals = relay.Refusals();
        try
        {
            return Report(refusals, await rules.ReadGuardsAsync(cancellationToken), problem: null);
        }
        catch (InterceptionException failure)
        {
            return Report(refusals, new GuardReport(ImmutableDictionary<GuardReason, long>.Empty, []), failure.Message);
        }
    }

    private DenialReport Report(RelayRefusals refusals, GuardReport guards, string? problem) => new(
        [
            .. guards.Denied.OrderBy(denied => denied.Key).Select(denied => new DenialCount(Firewall, $"{denied.Key}", denied.Value)),
            .. Counts(RefusalPlace.Entry, refusals.AtEntry),
            .. Counts(RefusalPlace.Exit, refusals.AtExit),
            .. refusals.Handshakes > 0 ? [new DenialCount($"{RefusalPlace.Handshake}", "NotProven", refusals.Handshakes)] : ImmutableArray<DenialCount>.Empty,
        ],
        [
            .. guards.Sources.OrderByDescending(source => source.Packets).Select(source => new DeniedAttempt(Firewall, null, Name(source), null, null, source.Packets)),
            .. refusals.Latest.Select(one => new DeniedAttempt($"{one.Place}", one.Reason, Name(one.Caller), one.Target.Length > 0 ? one.Target : null, one.Last, one.Times)),
        ],
        problem);

    private static IEnumerable<DenialCount> Counts(RefusalPlace place, ImmutableDictionary<RouteRefusal, long> refused) =>
        refused.OrderBy(count => count.Key).Select(count => new DenialCount($"{place}", $"{count.Key}", count.Value));

    private string Name(DeniedSource source) => $"{Name($"{source.Address}")} on {source.Interface}";

    // A container is known by its name rather than by its address.
    private string Name(string caller) =>
        Ipv4Address.TryParse(caller, out var address) && routes.FindCaller(address) is { } instance ? $"{instance} at {caller}" : caller;
}
