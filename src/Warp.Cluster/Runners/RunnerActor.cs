using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Warp.Cluster.Containers;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Cluster.Tunnels;

namespace Warp.Cluster.Runners;

/// <summary>
/// This runner: takes assignments, lets one agent a deployment carry them out, makes the data plane's routes from what they find, and reports. It begins from its disk and from what
/// the engine has, before any control node is heard of; its own end ends no container and no connection.
/// </summary>
public sealed class RunnerActor : ReceiveActor, IWithUnboundedStash, IWithTimers
{
    private readonly RunnerSettings _settings;
    private readonly RunnerPorts _ports;
    private readonly IActorRef _reporter;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly IActorRef _engine;
    private readonly IActorRef _keeper;
    private readonly IActorRef _routes;
    private readonly ContainerTools _tools;
    private readonly IActorRef _public;
    private readonly IActorRef _trust;
    private readonly Dictionary<DeploymentName, IActorRef> _agents = [];
    private readonly InventoryNews _news = new();
    private RunnerKnowledge _knowledge = new();
    private bool _inventoried;
    private long _born;

    /// <summary>For <see cref="Props"/>.</summary>
    public RunnerActor(RunnerSettings settings, RunnerPorts ports, IActorRef deployments, IActorRef controlNodes)
    {
        (_settings, _ports) = (settings, ports);
        var options = settings.Options;
        _reporter = Context.Watch(Context.ActorOf(ReporterActor.Props(settings, deployments, controlNodes), "reporter"));
        _engine = Context.Watch(Context.ActorOf(EngineActor.Props(ports.Runtime, ports.Volumes, options), "engine"));
        var rules = Context.Watch(Context.ActorOf(RuleSetActor.Props(ports.Rules, options, _reporter), "rules"));
        _keeper = Context.Watch(Context.ActorOf(AssignmentKeeperActor.Props(ports.Store, options, _reporter), "keeper"));
        var tunnels = Context.Watch(Context.ActorOf(TunnelsActor.Props(ports.Tunnels, options.Tunnels, _reporter), "tunnels"));
        _routes = Context.Watch(Context.ActorOf(RoutesActor.Props(settings.Self, ports.Routes, rules, tunnels, _reporter), "routes"));
        var connections = Context.Watch(Context.ActorOf(ConnectionsActor.Props(ports.Connections, options.CountConnectionsEvery, _reporter), "connections"));
        _tools = new ContainerTools(ports.Runtime, ports.Probe, connections);
        _public = Context.Watch(Context.ActorOf(PublicRoutesActor.Props(ports.Ingress, options, deployments, _keeper, _reporter), "public-routes"));
        _trust = Context.Watch(Context.ActorOf(TrustActor.Props(ports.Trust, options, _reporter), "trust"));
        Become(Loading);
    }

    /// <inheritdoc/>
    public IStash Stash { get; set; } = null!;

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="settings">Who this runner is.</param>
    /// <param name="ports">How its actors reach the world.</param>
    /// <param name="deployments">The shard region of deployments or its proxy: takes <see cref="RunnerReport"/>s.</param>
    /// <param name="controlNodes">Takes <see cref="RunnerStatus"/> for the control nodes: a <see cref="ControlNodesActor"/>.</param>
    public static Props Props(RunnerSettings settings, RunnerPorts ports, IActorRef deployments, IActorRef controlNodes) =>
        Akka.Actor.Props.Create(() => new RunnerActor(settings, ports, deployments, controlNodes));

    /// <summary>A part that failed has lost what it knew: it ends, and <see cref="Ended"/> decides.</summary>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    /// <inheritdoc/>
    protected override void PreStart() => _ = LoadAsync(_ports.Store).PipeTo(
        Self,
        success: stored => new Loaded(stored),
        failure: e => new Loaded(new StoredAssignments([], new PeerList([]), [$"nothing that was kept on disk could be read: {e.Message}"])));

    private static async Task<StoredAssignments> LoadAsync(IAssignmentStore store) => await store.LoadAsync(CancellationToken.None).ConfigureAwait(false);

    private void Loading()
    {
        Receive<Loaded>(m =>
        {
            _knowledge = RunnerKnowledge.From(m.Stored);
            Become(Working);
            Stash.UnstashAll();
            _reporter.Tell(new ProblemsAre("store", m.Stored.Problems));
            _public.Tell(new PublicRoutesFromDisk(m.Stored.Public));
            Publish();
        });
        ReceiveAny(_ => Stash.Stash());
    }

    private void Working()
    {
        Receive<Assignment>(Assigned);
        Receive<DeploymentUnknown>(m => _agents.ContainsKey(m.Deployment), Disowned);
        Receive<PublicRoutes>(_public.Forward);
        Receive<ClusterTrust>(_trust.Forward);
        Receive<PeerList>(Heard);
        Receive<EngineInventory>(Inventoried);
        Receive<EngineDown>(_reporter.Tell);
        Receive<ProblemsAre>(_reporter.Tell); // Of the node's other actors.
        Receive<ContainerChanged>(m => _agents.ContainsKey(m.Instance.Deployment), m => _agents[m.Instance.Deployment].Tell(m));
        Receive<ContainerChanged>(_ => _engine.Tell(TakeInventory.ForNews));
        Receive<AgentLacksInventory>(Lacking);
        Receive<AgentFacts>(m => Sender.Equals(_agents.GetValueOrDefault(m.Deployment)), _routes.Tell);
        Receive<AgentFacts>(_ => { }); // The last words of an agent that has finished.
        Receive<NothingIsLate>(m => !_knowledge.Assignments.ContainsKey(m.Deployment), m => _knowledge = _knowledge.WithoutFence(m.Deployment));
        Receive<NothingIsLate>(_ => { });
        Receive<AgentFinished>(m => Sender.Equals(_agents.GetValueOrDefault(m.Deployment)), Finished);
        Receive<Terminated>(m => Ended(m.ActorRef));
    }

    private void Assigned(Assignment assignment)
    {
        var name = assignment.Deployment;
        if (_knowledge.IsNews(assignment))
        {
            _knowledge = _knowledge.With(assignment);
            _keeper.Tell(new KeepAssignment(assignment));
            if (!_agents.ContainsKey(name))
            {
                // It adopts what a fresh inventory shows; an old one may miss what an earlier agent made.
                _engine.Tell(TakeInventory.ForNews);
            }

            AgentOf(name).Tell(assignment);
            Publish();
        }
        else
        {
            _reporter.Tell(new RepeatReport(name, _knowledge.LaterThan(assignment)));
        }
    }

    /// <summary>No control node knows the deployment. What this runner was told of it, one may take over; without that its containers are orphans.</summary>
    private void Disowned(DeploymentUnknown unknown)
    {
        var name = unknown.Deployment;
        _knowledge = _knowledge.WithoutFence(name);
        _agents[name].Tell(MarkUnknown.Instance);
        if (_knowledge.Assignments.TryGetValue(name, out var held))
        {
            _reporter.Tell(new RepeatReport(name, held));
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
        var news = _news.Of(inventory, _knowledge.Assignments.Keys.Concat(_agents.Keys));
        foreach (var (deployment, part) in news)
        {
            AgentOf(deployment).Tell(part);
        }

        _reporter.Tell(inventory);
        if (!_inventoried || news.Count > 0)
        {
            _inventoried = true;
            Publish();
        }
    }

    private void Lacking(AgentLacksInventory lack)
    {
        _news.Forget(lack.Deployment);
        _engine.Tell(TakeInventory.ForNews);
    }

    private void Finished(AgentFinished finished)
    {
        var name = finished.Deployment;
        if ((_knowledge.Assignments.GetValueOrDefault(name)?.Version ?? 0) == finished.AssignmentVersion)
        {
            _knowledge = _knowledge.Without(name);
            Timers.StartSingleTimer(name, new NothingIsLate(name), _settings.Options.LateFor);
            _keeper.Tell(new ForgetAssignment(name));
            Context.Stop(Context.Unwatch(_agents[name]));
            _agents.Remove(name);
            _news.Forget(name);
            Publish();
            _routes.Tell(finished);
        }
    }

    private IActorRef AgentOf(DeploymentName deployment)
    {
        if (_agents.TryGetValue(deployment, out var known))
        {
            return known;
        }

        var agent = Context.ActorOf(DeploymentAgentActor.Props(deployment, _settings.Self, _tools, _settings.Options), $"{deployment}-{++_born}");
        _agents[deployment] = Context.Watch(agent);
        if (_knowledge.Assignments.TryGetValue(deployment, out var assignment))
        {
            agent.Tell(_knowledge.IsFromDisk(deployment) ? new AssignmentFromDisk(assignment) : assignment);
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
        _news.Forget(name.Key);
        Publish();
    }

    private void Publish() => _routes.Tell(new RoutesFrom(_knowledge, _inventoried ? [.. _agents.Keys] : null));

    /// <summary>Whoever tells of a forgotten deployment now means it: its control node may count from where a restored journal ends.</summary>
    private sealed record NothingIsLate(DeploymentName Deployment) : INoSerializationVerificationNeeded;

    private sealed record Loaded(StoredAssignments Stored) : INoSerializationVerificationNeeded;
}
