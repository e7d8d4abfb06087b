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
    private readonly ContainerTools _tools;
    private readonly RunnerOptions _options;
    private readonly Dictionary<ContainerKey, AgentContainer> _containers = [];
    private IActorRef _network;
    private ImmutableDictionary<ContainerKey, ObservedContainer> _found = ImmutableDictionary<ContainerKey, ObservedContainer>.Empty;
    private AgentGoal _goal;
    private BridgeNetwork? _bridge;
    private string? _problem;
    private AgentFacts? _reported;
    private bool _inventoried;
    private bool _unknown;
    private long _born;

    public DeploymentAgentActor(DeploymentName deployment, RunnerId runner, ContainerTools tools, RunnerOptions options)
    {
        (_deployment, _goal, _tools, _options) = (deployment, AgentGoal.None(runner), tools, options);
        _network = StartNetwork();
        Receive<Assignment>(m => Reconcile(() => Assigned(m, isFromDisk: false)));
        Receive<AssignmentFromDisk>(m => Reconcile(() => Assigned(m.Assignment, isFromDisk: true)));
        Receive<DeploymentInventory>(m => Reconcile(() => Inventoried(m)));
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
    /// <param name="tools">How containers are run.</param>
    /// <param name="options">Its rhythms.</param>
    public static Props Props(DeploymentName deployment, RunnerId runner, ContainerTools tools, RunnerOptions options) =>
        Akka.Actor.Props.Create(() => new DeploymentAgentActor(deployment, runner, tools, options));

    /// <summary>A child that failed has lost what it knew: it ends, and what it was for is found again by an inventory.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    private void Assigned(Assignment assignment, bool isFromDisk)
    {
        (_goal, _unknown) = (AgentGoal.From(assignment, _goal.Runner) with { IsFromDisk = isFromDisk }, false);
        TellWishes();
    }

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
        else if (_bridge is not null && !_goal.Wanted.IsEmpty)
        {
            // The list may be older than the network: the engine is asked, nothing is taken back on a guess.
            _network.Tell(NetworkOrder.Make);
        }
        else
        {
            _bridge = null;
        }

        _network.Tell(LookAgain.Instance);
    }

    private void Changed(ContainerChanged changed)
    {
        var known = _containers.Where(c => c.Key.Instance == changed.Instance).Select(c => c.Value).ToList();
        known.ForEach(c => c.Actor.Tell(LookAgain.Instance));
        if (known.Count == 0)
        {
            Context.Parent.Tell(new AgentLacksInventory(_deployment));
        }
    }

    private void Reconcile(Action change)
    {
        change();
        if (!_inventoried)
        {
            return;
        }

        var containers = _containers.ToImmutableDictionary(c => c.Key, c => c.Value.Duty).AddRange(_found.Select(f => KeyValuePair.Create(f.Key, ContainerDuty.None)));
        foreach (var step in AgentPlan.Next(_goal.Situation(containers, _bridge is not null)))
        {
            Take(step);
        }

        var facts = AgentFactsMaker.Make(_deployment, _goal, _unknown, _bridge, _problem, _containers, _found);
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
            case AgentStep.Care care:
                Care(care.Key, care.Duty);
                break;
            case AgentStep.EnsureNetwork:
                _network.Tell(NetworkOrder.Make);
                break;
            case AgentStep.RemoveNetwork:
                _network.Tell(NetworkOrder.Remove);
                break;
            case AgentStep.Finish:
                Context.Parent.Tell(new AgentFinished(_deployment, _goal.Version));
                break;
        }
    }

    private void Care(ContainerKey key, ContainerDuty duty)
    {
        var known = _containers.GetValueOrDefault(key) ?? Adopt(key);
        var order = _goal.For(key)?.Order ?? known.Order;
        _containers[key] = known with { Duty = duty, Order = order };
        known.Actor.Tell(duty switch
        {
            ContainerDuty.Retire => order with { DrainFor = TimeSpan.Zero },
            ContainerDuty.Drain => order,
            _ => new RunContainer(_goal.WishFor(key, _bridge)!),
        });
    }

    /// <summary>Somebody begins to care for the container that was found, or for one that is still to be made.</summary>
    private AgentContainer Adopt(ContainerKey key)
    {
        var found = _found.GetValueOrDefault(key);
        _found = _found.Remove(key);
        var life = ContainerLife.Begin(key, found, InstancePhase.Pending);
        var actor = Context.Watch(Context.ActorOf(ContainerActor.Props(life, _tools, _options.Containers), $"container-{++_born}"));
        return new AgentContainer(actor, ContainerDuty.None, AgentContainer.DefaultOrder, (found is { Running: true } ? life.Runs() : life).ToObserved());
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
        foreach (var (key, container) in _containers.Where(c => c.Value.Duty is ContainerDuty.Run or ContainerDuty.Keep))
        {
            if (_goal.WishFor(key, _bridge) is { } wish)
            {
                _containers[key] = container with { Order = _goal.For(key)!.Order };
                container.Actor.Tell(new RunContainer(wish));
            }
        }
    }

    private IActorRef StartNetwork() => Context.Watch(Context.ActorOf(DeploymentNetworkActor.Props(_deployment, _tools.Runtime, _options), $"network-{++_born}"));

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
            Context.Parent.Tell(new AgentLacksInventory(_deployment));
        }
    }
}
