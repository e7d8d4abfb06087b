using System.Collections.Immutable;
using Warp.Cluster.Endpoints;
using Warp.Cluster.Runners;
using Warp.Node.Interception.Native;
using Warp.Node.Interception.Netlink;
using Warp.Node.Interception.Queue;
using Warp.Node.Interception.Rules;

namespace Warp.Node.Interception;

/// <summary>
/// The runner's table in nftables and the local route of the IST range, in the network namespace of the process. One per process; it outlives actor systems. The rules stay
/// when the process ends, because containers stay; the next process takes them over in one transaction.
/// </summary>
public sealed class NftRuleSet : IRuleSet
{
    private readonly InterceptionOptions _options;
    private readonly RuleSetRenderer _renderer;
    private readonly QueueRule? _hold;
    private readonly TaskFactory _kernel;
    private RuleSetModel? _wanted;
    private AppliedRules? _applied;
    private ImmutableDictionary<GuardReason, long> _deniedBefore = ImmutableDictionary<GuardReason, long>.Empty;

    /// <summary>Nothing is touched before the first call of <see cref="ApplyAsync"/>.</summary>
    /// <param name="options">Ranges, ports and names.</param>
    /// <param name="scheduler">Whose threads call the kernel, and so in which network namespace; null: the thread pool's.</param>
    public NftRuleSet(InterceptionOptions options, TaskScheduler? scheduler = null)
        : this(options, hold: null, scheduler)
    {
    }

    /// <summary>The same, with connections that need the relay held until their service has been dialled.</summary>
    /// <param name="options">Ranges, ports and names.</param>
    /// <param name="hold">How they are held; null: they are accepted first.</param>
    /// <param name="scheduler">Whose threads call the kernel.</param>
    internal NftRuleSet(InterceptionOptions options, QueueRule? hold, TaskScheduler? scheduler = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _hold = hold;
        _renderer = new RuleSetRenderer(options, holdsCalls: hold is not null);
        _kernel = new TaskFactory(new ConcurrentExclusiveSchedulerPair(scheduler ?? TaskScheduler.Default).ExclusiveScheduler);
    }

    /// <summary>What others have done to the rules since the process began.</summary>
    internal RuleRepairs Repairs { get; } = new();

    /// <inheritdoc/>
    public Task<RuleSetOutcome> ApplyAsync(RunnerRoutes routes, CancellationToken cancellationToken) =>
        RunAsync(
            () =>
            {
                using var socket = NetlinkSocket.OpenRoute();
                _wanted = (_wanted ?? RuleSetModel.Empty).Next(routes, [.. HostNetwork.Bridges(_options, socket)]);
                return Apply(_wanted);
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<RuleSetOutcome> VerifyAsync(CancellationToken cancellationToken) =>
        RunAsync(() => _wanted is null ? null : Verify(_wanted), cancellationToken);

    /// <summary>
    /// This process stops and another one is most likely to come: for so long callers of services that need the relay are not answered, and try again, instead of being refused. Without
    /// held connections nothing is done.
    /// </summary>
    public Task<RuleSetOutcome> LeaveAsync(TimeSpan time, CancellationToken cancellationToken) =>
        RunAsync(
            () =>
            {
                if (_applied is not null && _hold is not null)
                {
                    NftScript.Run(_renderer.Away(time));
                }

                return null;
            },
            cancellationToken);

    /// <summary>What the guards have stopped.</summary>
    /// <exception cref="InterceptionException">The kernel does not tell.</exception>
    public Task<GuardReport> ReadGuardsAsync(CancellationToken cancellationToken) =>
        _kernel.StartNew(
            () =>
            {
                using var netfilter = NetlinkSocket.OpenNetfilter();
                var packets = new DeniedPackets(netfilter, _options.TableName);
                return new GuardReport(Sum(_deniedBefore, packets.ByReason()), packets.Sources());
            },
            cancellationToken);

    /// <summary>Takes the table and the local route away: for uninstalling and for tests. Containers lose their ways to each other.</summary>
    public Task<RuleSetOutcome> RemoveAsync(CancellationToken cancellationToken) =>
        RunAsync(
            () =>
            {
                (_wanted, _applied) = (null, null);
                NftScript.Run(_renderer.Remove());
                using var route = NetlinkSocket.OpenRoute();
                new KernelRoutes(route).RemoveLocal(_options.IstRange);
                return null;
            },
            cancellationToken);

    /// <summary>Runs the work alone, and turns its exception into an outcome.</summary>
    private Task<RuleSetOutcome> RunAsync(Func<string?> work, CancellationToken cancellationToken) =>
        _kernel.StartNew(
            () =>
            {
                try
                {
                    return Repairs.Note(new RuleSetOutcome(work(), Failure: null));
                }
                catch (InterceptionException exception)
                {
                    return Repairs.Note(new RuleSetOutcome(Repaired: null, exception.Message));
                }
            },
            cancellationToken);

    private string? Apply(RuleSetModel model)
    {
        using var netfilter = NetlinkSocket.OpenNetfilter();
        var state = new NftablesState(netfilter, _options.TableName);
        if (_applied is null)
        {
            RepairHost(model);
            Replace(netfilter, state, model);
            return null;
        }

        var delta = RuleSetDelta.Between(_applied.Model, model);
        var repaired = RepairHost(model);
        if (delta.IsEmpty)
        {
            return repaired;
        }

        try
        {
            var before = state.Generation();
            NftScript.Run(_renderer.Change(delta));
            _applied = _applied.After(model, before, state.Generation());
            return repaired;
        }
        catch (InterceptionException refusal)
        {
            Replace(netfilter, state, model);
            return Join(repaired, $"the kernel did not take a change of the nftables table 'inet {_options.TableName}' ({refusal.Message}), so the whole table was written anew");
        }
    }

    private string? Verify(RuleSetModel wanted)
    {
        using var netfilter = NetlinkSocket.OpenNetfilter();
        var state = new NftablesState(netfilter, _options.TableName);
        if (_applied is null)
        {
            RepairHost(wanted);
            Replace(netfilter, state, wanted);
            return "the rules that could not be applied before are in force now";
        }

        var repaired = RepairHost(wanted);
        var generation = state.Generation();
        if (generation == _applied.Generation)
        {
            return repaired;
        }

        if (_applied.DifferenceTo(state, _options.TableName) is not { } difference)
        {
            _applied = _applied with { Generation = generation };
            return repaired;
        }

        Replace(netfilter, state, wanted);
        return Join(repaired, difference);
    }

    /// <summary>The whole table in one transaction, and the rule that holds connections in another; after a failure nothing is known of what is in force.</summary>
    private void Replace(NetlinkSocket netfilter, NftablesState state, RuleSetModel model)
    {
        // The counters of the process before are not ours; our own begin anew with the table.
        _deniedBefore = _applied is null ? _deniedBefore : Sum(_deniedBefore, new DeniedPackets(netfilter, _options.TableName).ByReason());
        _applied = null;
        var before = state.Generation();
        NftScript.Run(_renderer.Replace(model));
        _hold?.AppendTo(netfilter, _options.TableName, RuleChains.Hold);
        _applied = AppliedRules.Read(state, model, before, transactions: _hold is null ? 1u : 2);
    }

    /// <summary>What the rules need beside them. Forwarding only once there is a bridge: until then the container engine may not have set its own default for it.</summary>
    private string? RepairHost(RuleSetModel model)
    {
        using var socket = NetlinkSocket.OpenRoute();
        new BridgePorts(socket).EnsureHairpin(model.HasBridge);
        var routes = new KernelRoutes(socket);
        string? repaired = null;
        if (!routes.IsLocal(_options.IstRange))
        {
            routes.MakeLocal(_options.IstRange);
            repaired = $"the route 'local {_options.IstRange} dev lo' was gone";
        }

        return model.HasBridges && Forwarding.Ensure() ? Join(repaired, "IPv4 forwarding (net.ipv4.ip_forward) was off") : repaired;
    }

    private static ImmutableDictionary<GuardReason, long> Sum(ImmutableDictionary<GuardReason, long> one, ImmutableDictionary<GuardReason, long> other) =>
        one.Keys.Union(other.Keys).ToImmutableDictionary(reason => reason, reason => one.GetValueOrDefault(reason) + other.GetValueOrDefault(reason));

    private static string Join(string? first, string second) => first is null ? second : $"{first}; {second}";
}
