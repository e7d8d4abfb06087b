using System.Collections.Immutable;
using Akka.Actor;
using Warp.Cluster.Containers;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Runners;

/// <summary>
/// One deployment on this runner: its network, and one actor for each of its containers. It compares what is wanted with what is there on every change and takes the steps that
/// <see cref="AgentPlan"/> names. It does nothing before it has seen an inventory, so that what runs is adopted and not made twice.
/// </summary>
internal sealed class DeploymentAgentActor : ReceiveActor
{
    private readonly DeploymentName _deployment;
    private readonly RunnerId _runner;
    private readonly IContainerRuntime _runtime;
    private readonly RunnerOptions _options;
    private readonly Dictionary<ContainerKey, AgentContainer> _containers = [];
    private IActorRef _network;
    private ImmutableDictionary<ContainerKey, ObservedContainer> _found = ImmutableDictionary<ContainerKey, ObservedContainer>.Empty;
    private Assignment? _assignment;
    private ImmutableArray<WantedContainer> _wanted = [];
    private BridgeNetwork? _bridge;
    private string? _problem;
    private AgentFacts? _reported;
    private bool _inventoried;
    private bool _unknown;
    private long _born;

    public DeploymentAgentActor(DeploymentName deployment, RunnerId runner, IContainerRuntime runtime, RunnerOptions options)
    {
        (_deployment, _runner, _runtime, _options) = (deployment, runner, runtime, options);
        _network = StartNetwork();
        Receive<Assignment>(Assigned);
        Receive<DeploymentInventory>(Inventoried);
        Receive<ContainerChanged>(Changed);
        Receive<MarkUnknown>(_ => Reconcile(() => _unknown = true));
        Receive<ContainerReport>(m => Reconcile(() => Reported(m)));
        Receive<ContainerGone>(m => Reconcile(() => _containers.Remove(m.Key)));
        Receive<NetworkReady>(m => Reconcile(() => BridgeIs(m.Bridge)));
        Receive<NetworkGone>(_ => Reconcile(() => (_bridge, _problem) = (null, null)));
        Receive<NetworkDelayed>(m => Reconcile(() => _problem = m.Cause));
        Receive<Terminated>(Crashed);
    }

    /// <param name="deployment">Whose agent.</param>
    /// <param name="runner">This runner.</param>
    /// <param name="runtime">The engine.</param>
    /// <param name="options">Its rhythms.</param>
    public static Props Props(DeploymentName deployment, RunnerId runner, IContainerRuntime runtime, RunnerOptions options) =>
        Akka.Actor.Props.Create(() => new DeploymentAgentActor(deployment, runner, runtime, options));

    /// <summary>A child that failed has lost what it knew: it ends, and what it was for is found again by an inventory.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private void Assigned(Assignment assignment) => Reconcile(() =>
    {
        (_assignment, _unknown) = (assignment, false);
        _wanted = AgentPlan.Wanted(assignment, _runner);
        TellWishes();
    });

    private void Inventoried(DeploymentInventory inventory)
    {
        _inventoried = true;
        var found = inventory.ByKey();
        foreach (var container in _containers.Where(c => !c.Value.IsAsKnown(found.GetValueOrDefault(c.Key))).Select(c => c.Value))
        {
            container.Actor.Tell(LookAgain.Instance);
        }

        _found = found.RemoveRange(_containers.Keys);
        if (inventory.Bridge is { } bridge)
        {
            BridgeIs(bridge);
        }
        else if (_bridge is not null && !_wanted.IsEmpty)
        {
            // The list may be older than the network: the engine is asked, nothing is taken back on a guess.
            _network.Tell(NetworkOrder.Make);
        }
        else
        {
            _bridge = null;
        }

        _network.Tell(LookAgain.Instance);
        Reconcile();
    }

    private void Changed(ContainerChanged changed)
    {
        var known = _containers.Where(c => c.Key.Instance == changed.Instance).Select(c => c.Value).ToList();
        known.ForEach(c => c.Actor.Tell(LookAgain.Instance));
        if (known.Count == 0)
        {
            Context.Parent.Tell(TakeInventory.Instance);
        }
    }

    private void Reconcile(Action change)
    {
        change();
        Reconcile();
    }

    private void Reconcile()
    {
        if (!_inventoried)
        {
            return;
        }

        var situation = new AgentSituation(
            _assignment is not null,
            [.. _wanted.Select(w => w.Key)],
            _containers.ToImmutableDictionary(c => c.Key, c => c.Value.Duty).AddRange(_found.Select(f => KeyValuePair.Create(f.Key, ContainerDuty.None))),
            _bridge is not null);
        foreach (var step in AgentPlan.Next(situation))
        {
            Take(step);
        }

        var facts = AgentFactsMaker.Make(_deployment, _assignment, _unknown, _bridge, _problem, _wanted, _containers, _found);
        if (!facts.SameAs(_reported))
        {
            _reported = facts;
            Context.Parent.Tell(facts);
        }
    }

    private void Take(AgentStep step)
    {
        switch (step)
        {
            case AgentStep.Run { Key: var key }:
                var wish = WishFor(_wanted.First(w => w.Key == key));
                Care(key, ContainerDuty.Run, wish.Grace).Tell(new RunContainer(wish));
                break;
            case AgentStep.Retire { Key: var key }:
                var grace = _containers.GetValueOrDefault(key)?.Grace ?? AgentContainer.DefaultGrace;
                Care(key, ContainerDuty.Retire, grace).Tell(new RetireContainer(grace));
                break;
            case AgentStep.EnsureNetwork:
                _network.Tell(NetworkOrder.Make);
                break;
            case AgentStep.RemoveNetwork:
                _network.Tell(NetworkOrder.Remove);
                break;
            case AgentStep.Finish:
                Context.Parent.Tell(new AgentFinished(_deployment, _assignment?.Version ?? 0));
                break;
        }
    }

    private IActorRef Care(ContainerKey key, ContainerDuty duty, TimeSpan grace)
    {
        if (!_containers.TryGetValue(key, out var container))
        {
            var found = _found.GetValueOrDefault(key);
            _found = _found.Remove(key);
            var life = ContainerLife.Begin(key, found, InstancePhase.Pending);
            var actor = Context.Watch(Context.ActorOf(ContainerActor.Props(life, _runtime, _options.Containers), $"container-{++_born}"));
            container = new AgentContainer(actor, duty, grace, (found is { Running: true } ? life.Healthy() : life).ToObserved());
        }

        _containers[key] = container with { Duty = duty, Grace = grace };
        return container.Actor;
    }

    private void Reported(ContainerReport report)
    {
        if (_containers.TryGetValue(report.Key, out var container))
        {
            _containers[report.Key] = container with { Observed = report.Observed };
        }
    }

    private void BridgeIs(BridgeNetwork bridge)
    {
        var other = !string.Equals(bridge.NetworkId, _bridge?.NetworkId, StringComparison.Ordinal);
        (_bridge, _problem) = (bridge, null);
        if (other)
        {
            TellWishes();
        }
    }

    private void TellWishes()
    {
        foreach (var wanted in _wanted)
        {
            if (_containers.TryGetValue(wanted.Key, out var container) && container.Duty == ContainerDuty.Run)
            {
                container.Actor.Tell(new RunContainer(WishFor(wanted)));
            }
        }
    }

    private ContainerWish WishFor(WantedContainer wanted) => new(wanted.Key, _assignment!, wanted.Service, _runner, _bridge?.NetworkId);

    private IActorRef StartNetwork() => Context.Watch(Context.ActorOf(DeploymentNetworkActor.Props(_deployment, _runtime, _options), $"network-{++_born}"));

    private void Crashed(Terminated terminated)
    {
        if (terminated.ActorRef.Equals(_network))
        {
            _network = StartNetwork();
        }
        else if (_containers.FirstOrDefault(c => c.Value.Actor.Equals(terminated.ActorRef)) is { Key: { } key })
        {
            _containers.Remove(key);
            _inventoried = false;
            Context.Parent.Tell(TakeInventory.Instance);
        }
    }
}
