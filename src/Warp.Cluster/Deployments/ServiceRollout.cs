using System.Collections.Immutable;
using Warp.Cluster.Identity;
using Warp.Cluster.Placements;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;

namespace Warp.Cluster.Deployments;

/// <summary>
/// The next step of one service: each ordinal is to have one serving placement of the wished spec. Ordinals that serve are replaced one after the other, the new instance first unless
/// the service stops first. Pure: it works on a list of its own.
/// </summary>
internal sealed class ServiceRollout
{
    private readonly ServiceSpec _spec;
    private readonly ServiceState _service;
    private readonly RolloutStep _step;
    private readonly List<ServicePlacement> _placements;
    private readonly string _hash;
    private long _lastGeneration;

    private ServiceRollout(ServiceSpec spec, ServiceState service, RolloutStep step)
    {
        (_spec, _service, _step) = (spec, service, step);
        _placements = [.. service.Placements];
        _hash = WishedHash(spec, service);
        _lastGeneration = service.LastGeneration;
    }

    /// <summary>The placements after the step.</summary>
    public static ImmutableArray<ServicePlacement> Next(ServiceSpec spec, ServiceState service, RolloutStep step)
    {
        var rollout = new ServiceRollout(spec, service, step);
        rollout._placements.RemoveAll(step.IsGone);
        foreach (var placed in rollout.Where(PlacementRole.Draining).Where(placed => step.IsKnownToDrain(placed, spec.Public)))
        {
            rollout.Become(placed, PlacementRole.Retiring);
        }

        foreach (var ordinal in rollout._placements.Select(placed => placed.Placement.Ordinal).Distinct().ToList())
        {
            rollout.Settle(ordinal);
        }

        foreach (var ordinal in Enumerable.Range(0, spec.Replicas))
        {
            rollout.Begin(ordinal);
        }

        return [.. rollout._placements];
    }

    /// <summary>Whether a placement is what is wished: then it stays.</summary>
    public static bool IsCurrent(ServiceSpec spec, ServiceState service, ServicePlacement placed) => IsCurrent(spec, service, WishedHash(spec, service), placed);

    /// <summary>The hash of the wished spec.</summary>
    public static string WishedHash(ServiceSpec spec, ServiceState service) => service.SpecHash ?? ServiceSpecHash.Of(spec);

    private static bool IsCurrent(ServiceSpec spec, ServiceState service, string hash, ServicePlacement placed) =>
        placed.Placement.Generation >= service.FreshFrom
        && string.Equals(placed.SpecHash, hash, StringComparison.Ordinal)
        && (spec.Runner is not { } named || placed.Placement.Runner == named);

    /// <summary>What is there takes the role that it has now.</summary>
    private void Settle(int ordinal)
    {
        var serving = Find(ordinal, PlacementRole.Serving);
        var starting = Find(ordinal, PlacementRole.Starting);
        if (ordinal >= _spec.Replicas)
        {
            Leave(serving, PlacementRole.Draining);
            Leave(starting, PlacementRole.Retiring);
        }
        else if (starting is not null && (!IsCurrent(starting) || (serving is not null && IsCurrent(serving) && !_step.Leaves(_spec, serving))))
        {
            Leave(starting, PlacementRole.Retiring);
        }
        else if (starting is not null && _step.IsReady(starting))
        {
            Become(starting, PlacementRole.Serving);
            Leave(serving, PlacementRole.Draining);
        }
    }

    /// <summary>Places an instance that is missing or is to take another's place; when no runner can take it, what is there goes on. What leaves a drained runner waits for its turn.</summary>
    private void Begin(int ordinal)
    {
        var serving = Find(ordinal, PlacementRole.Serving);
        var stays = serving is not null && IsCurrent(serving);
        if (Find(ordinal, PlacementRole.Starting) is not null || (stays && !_step.HasTurn(serving!)) || Target(ordinal, serving) is not { } target || (stays && target == serving!.Placement.Runner))
        {
            return;
        }

        if (serving is null)
        {
            var stopsBefore = _spec.StopsFirst && _placements.Exists(placed => placed.Placement.Ordinal == ordinal);
            Place(ordinal, target, stopsBefore ? PlacementRole.Starting : PlacementRole.Serving);
        }
        else if (target != serving.Placement.Runner && !_step.Sight.Directory.IsReachable(serving.Placement.Runner))
        {
            // Nobody can say that the lost one still serves, so nothing is gained by waiting. Its runner hears of it when it is back.
            Become(serving, PlacementRole.Retiring);
            Place(ordinal, target, PlacementRole.Serving);
        }
        else if (Where(PlacementRole.Starting).Count == 0)
        {
            if (_spec.StopsFirst)
            {
                Become(serving, PlacementRole.Retiring);
            }

            Place(ordinal, target, PlacementRole.Starting);
        }
    }

    private RunnerId? Target(int ordinal, ServicePlacement? serving)
    {
        var before = serving ?? _placements.LastOrDefault(placed => placed.Placement.Ordinal == ordinal && _step.Sight.Directory.IsReachable(placed.Placement.Runner));
        var siblings = _placements
            .Where(placed => placed.Placement.Ordinal != ordinal && placed.Placement.Role is PlacementRole.Serving or PlacementRole.Starting)
            .Select(placed => placed.Placement.Runner);
        return PlacementRule.Choose(_spec, before?.Placement.Runner, _step.Sight.Directory, new PlacementLoad([.. siblings], _step.Planned));
    }

    private void Place(int ordinal, RunnerId target, PlacementRole role)
    {
        if (_placements.TrueForAll(placed => placed.Placement.Ordinal != ordinal || placed.Placement.Runner != target))
        {
            _step.Planned[target] = _step.Planned.GetValueOrDefault(target) + 1;
        }

        _placements.Add(new ServicePlacement(_service.Service, new Placement(ordinal, ++_lastGeneration, target, role), _hash, _step.Sight.Now, _step.Version));
    }

    private void Leave(ServicePlacement? placed, PlacementRole role)
    {
        if (placed is not null)
        {
            Become(placed, role);
        }
    }

    private void Become(ServicePlacement placed, PlacementRole role) => _placements[_placements.IndexOf(placed)] = placed with
    {
        Placement = placed.Placement with { Role = role, DrainSeconds = role is PlacementRole.Draining or PlacementRole.Retiring ? placed.Placement.DrainSeconds ?? _step.DrainSeconds(_spec, placed) : null },
        Since = _step.Sight.Now,
        SinceVersion = _step.Version,
    };

    private bool IsCurrent(ServicePlacement placed) => IsCurrent(_spec, _service, _hash, placed) && !_step.IsRemoved(placed) && !_step.IsLost(_spec, placed);

    private ServicePlacement? Find(int ordinal, PlacementRole role) => _placements.Find(placed => placed.Placement.Ordinal == ordinal && placed.Placement.Role == role);

    private List<ServicePlacement> Where(PlacementRole role) => _placements.FindAll(placed => placed.Placement.Role == role);
}
