using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Warp.Cluster.Endpoints;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Cluster.Tunnels;

namespace Warp.Cluster.Runners;

/// <summary>
/// This runner: takes assignments, lets one agent a deployment carry them out, makes the data plane's routes from what they find, and reports. It begins from its disk and from what
/// the engine has, before any control node is heard of; its own end ends no container and no connection.
/// </summary>
public sealed class RunnerActor : ReceiveActor, IWithTimers, IWithUnboundedStash
{
    private const string StatusTimer = "status";
    private readonly RunnerSettings _settings;
    private readonly RunnerPorts _ports;
    private readonly IActorRef _deployments;
    private readonly IActorRef _controlNodes;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly IActorRef _engine;
    private readonly IActorRef _rules;
    private readonly IActorRef _keeper;
    private readonly IActorRef _tunnels;
    private readonly Dictionary<DeploymentName, IActorRef> _agents = [];
    private readonly Dictionary<DeploymentName, AgentFacts> _facts = [];
    private RunnerKnowledge _knowledge = new();
    private RunnerHealth _health = new();
    private EngineInventory? _inventory;
    private bool _published;
    private long _round;
    private long _born;

    /// <summary>For <see cref="Props"/>.</summary>
    public RunnerActor(RunnerSettings settings, RunnerPorts ports, IActorRef deployments, IActorRef controlNodes)
    {
        (_settings, _ports, _deployments, _controlNodes) = (settings, ports, deployments, controlNodes);
        var options = settings.Options;
        _engine = Context.Watch(Context.ActorOf(EngineActor.Props(ports.Runtime, options), "engine"));
        _rules = Context.Watch(Context.ActorOf(RuleSetActor.Props(ports.Rules, options), "rules"));
        _keeper = Context.Watch(Context.ActorOf(AssignmentKeeperActor.Props(ports.Store, options), "keeper"));
        _tunnels = Context.Watch(Context.ActorOf(TunnelsActor.Props(ports.Tunnels, options.Tunnels), "tunnels"));
        Become(Loading);
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    public IStash Stash { get; set; } = null!;

    /// <param name="settings">Who this runner is.</param>
    /// <param name="ports">How its actors reach the world.</param>
    /// <param name="deployments">The shard region of deployments or its proxy: takes <see cref="RunnerReport"/>s.</param>
    /// <param name="controlNodes">Takes <see cref="RunnerStatus"/> for the control nodes: a <see cref="ControlNodesActor"/>.</param>
    public static Props Props(RunnerSettings settings, RunnerPorts ports, IActorRef deployments, IActorRef controlNodes) =>
        Akka.Actor.Props.Create(() => new RunnerActor(settings, ports, deployments, controlNodes));

    /// <summary>A part that failed has lost what it knew: it ends, and <see cref="Ended"/> decides.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Timers.StartPeriodicTimer(ReportAll.Instance, ReportAll.Instance, _settings.Options.ReportEvery);
        _ = _ports.Store.LoadAsync(CancellationToken.None).PipeTo(
            Self,
            success: stored => new Loaded(stored),
            failure: e => new Loaded(new StoredAssignments([], new PeerList([]), [$"nothing that was kept on disk could be read: {e.Message}"])));
    }

    private void Loading()
    {
        Receive<Loaded>(m =>
        {
            _knowledge = RunnerKnowledge.From(m.Stored);
            Become(Working);
            Stash.UnstashAll();
            Show(_health.With("store", m.Stored.Problems));
            Publish();
        });
        ReceiveAny(_ => Stash.Stash());
    }

    private void Working()
    {
        Receive<Assignment>(Assigned);
        Receive<DeploymentUnknown>(m => _agents.ContainsKey(m.Deployment), m =>
        {
            _knowledge = _knowledge.WithoutFence(m.Deployment);
            _agents[m.Deployment].Tell(MarkUnknown.Instance);
        });
        Receive<PeerList>(Heard);
        Receive<EngineInventory>(Inventoried);
        Receive<EngineDown>(m => Show(_health.WithoutEngine(m.Message)));
        Receive<ContainerChanged>(m => _agents.ContainsKey(m.Instance.Deployment), m => _agents[m.Instance.Deployment].Tell(m));
        Receive<ContainerChanged>(_ => _engine.Tell(TakeInventory.Instance));
        Receive<TakeInventory>(_engine.Tell);
        Receive<AgentFacts>(m => Sender.Equals(_agents.GetValueOrDefault(m.Deployment)), Learned);
        Receive<AgentFinished>(m => Sender.Equals(_agents.GetValueOrDefault(m.Deployment)), Finished);
        Receive<ProblemsAre>(m => Show(_health.With(m.Source, m.Problems)));
        Receive<TunnelsAre>(m => Show(_health with { Tunnels = m.Tunnels }, now: !_health.HasLinksLike(m.Tunnels)));
        Receive<ReportAll>(_ => Report());
        Receive<ReportStatus>(_ => TellStatus());
        Receive<Terminated>(m => Ended(m.ActorRef));
    }

    private void Assigned(Assignment assignment)
    {
        var name = assignment.Deployment;
        if (_knowledge.IsNews(assignment))
        {
            _knowledge = _knowledge.With(assignment);
            _keeper.Tell(new KeepAssignment(assignment));
            AgentOf(name).Tell(assignment);
            Publish();
        }
        else if (_facts.TryGetValue(name, out var facts))
        {
            _deployments.Tell(facts.ToReport(_settings.Self));
        }
    }

    private void Heard(PeerList list)
    {
        var knowledge = _knowledge.With(list);
        if (!knowledge.Peers.SequenceEqual(_knowledge.Peers))
        {
            _knowledge = knowledge;
            _keeper.Tell(new KeepPeers(new PeerList(knowledge.Peers)));
            Publish();
        }
    }

    private void Inventoried(EngineInventory inventory)
    {
        _inventory = inventory;
        foreach (var (deployment, agent) in _agents)
        {
            agent.Tell(inventory.Of(deployment));
        }

        foreach (var deployment in inventory.Deployments.Concat(_knowledge.Assignments.Keys).Except(_agents.Keys).ToList())
        {
            AgentOf(deployment);
        }

        Show(_health.With(inventory.Engine));
        Publish();
    }

    private void Learned(AgentFacts facts)
    {
        var before = _facts.GetValueOrDefault(facts.Deployment);
        _facts[facts.Deployment] = facts;
        if (!_published || !facts.RoutesLike(before))
        {
            Publish();
        }

        _deployments.Tell(facts.ToReport(_settings.Self));
        Show(_health);
    }

    private void Finished(AgentFinished finished)
    {
        var name = finished.Deployment;
        if (_knowledge.Assignments.GetValueOrDefault(name)?.Version == finished.AssignmentVersion)
        {
            _knowledge = _knowledge.Without(name);
            _keeper.Tell(new ForgetAssignment(name));
            _inventory = _inventory?.Without(name);
            _facts.Remove(name);
            Context.Stop(Context.Unwatch(_agents[name]));
            _agents.Remove(name);
            _deployments.Tell(new RunnerReport(name, _settings.Self, finished.AssignmentVersion, []));
            Publish();
        }
    }

    private IActorRef AgentOf(DeploymentName deployment)
    {
        if (_agents.TryGetValue(deployment, out var known))
        {
            return known;
        }

        var agent = Context.ActorOf(DeploymentAgentActor.Props(deployment, _settings.Self, _ports.Runtime, _settings.Options), $"{deployment}-{++_born}");
        _agents[deployment] = Context.Watch(agent);
        if (_knowledge.Assignments.TryGetValue(deployment, out var assignment))
        {
            agent.Tell(assignment);
        }

        if (_inventory is { } inventory)
        {
            agent.Tell(inventory.Of(deployment));
        }

        return agent;
    }

    /// <summary>An agent that failed is made anew at the next inventory, and until then its last facts stand. Without one of the other parts the runner begins again.</summary>
    private void Ended(IActorRef part)
    {
        var name = _agents.FirstOrDefault(a => a.Value.Equals(part));
        if (name.Value is null)
        {
            throw new InvalidOperationException($"{part.Path.Name} has failed; the runner begins again");
        }

        _log.Error("The agent of {0} has failed and is made anew", name.Key);
        _agents.Remove(name.Key);
    }

    /// <summary>
    /// Tunnels are dialled at once. Routes and rules wait at first for what the engine has, in every deployment: those of an earlier process of this node may still be in the
    /// kernel and carry traffic, and half a picture would cut it.
    /// </summary>
    private void Publish()
    {
        var routes = RunnerRoutesAssembly.Assemble(
            _settings.Self, _knowledge.Assignments.Values, _facts.ToDictionary(f => f.Key, f => f.Value.ToLocalEndpoints()), _knowledge.Peers);
        _tunnels.Tell(new TunnelsFor(SharedPeers.Of(routes)));
        _published = _published || (_inventory is not null && _agents.Keys.All(_facts.ContainsKey));
        if (_published)
        {
            _ports.Routes.Publish(routes);
            _rules.Tell(new ApplyRoutes(routes));
        }
    }

    private void Report()
    {
        var unknownToo = _round++ % Math.Max(1, (long)(_settings.Options.ReportUnknownEvery / _settings.Options.ReportEvery)) == 0;
        foreach (var facts in _facts.Values.Where(f => unknownToo || !f.Unknown))
        {
            _deployments.Tell(facts.ToReport(_settings.Self));
        }

        TellStatus();
    }

    private void Show(RunnerHealth health, bool now = true)
    {
        _health = health;
        if (now && !Timers.IsTimerActive(StatusTimer))
        {
            Timers.StartSingleTimer(StatusTimer, ReportStatus.Instance, _settings.Options.StatusDelay);
        }
    }

    private void TellStatus() => _controlNodes.Tell(_health.ToStatus(_settings, _facts.Values));

    private sealed record Loaded(StoredAssignments Stored) : INoSerializationVerificationNeeded;

    private sealed record ReportAll : INoSerializationVerificationNeeded
    {
        public static ReportAll Instance { get; } = new();
    }

    private sealed record ReportStatus : INoSerializationVerificationNeeded
    {
        public static ReportStatus Instance { get; } = new();
    }
}
