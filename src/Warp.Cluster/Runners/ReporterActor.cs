using Akka.Actor;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Cluster.Tunnels;

namespace Warp.Cluster.Runners;

/// <summary>All that a runner says to the control nodes, in the runner's name: a report a deployment and one status, on change and on a timer.</summary>
internal sealed class ReporterActor : ReceiveActor, IWithTimers
{
    private static readonly Signal Everything = new("everything");
    private static readonly Signal Status = new("status");
    private readonly RunnerSettings _settings;
    private readonly IActorRef _deployments;
    private readonly IActorRef _controlNodes;
    private readonly IActorRef _runner = Context.Parent;
    private readonly Dictionary<DeploymentName, AgentFacts> _facts = [];
    private RunnerHealth _health = new();
    private long _round;

    public ReporterActor(RunnerSettings settings, IActorRef deployments, IActorRef controlNodes)
    {
        (_settings, _deployments, _controlNodes) = (settings, deployments, controlNodes);
        Receive<AgentFacts>(m =>
        {
            _facts[m.Deployment] = m;
            Report(m);
            Show(_health);
        });
        Receive<AgentFinished>(m =>
        {
            _facts.Remove(m.Deployment);
            Report(new RunnerReport(m.Deployment, _settings.Self, m.AssignmentVersion, []));
            Show(_health);
        });
        Receive<RepeatReport>(m => _facts.ContainsKey(m.Deployment), m => Report(_facts[m.Deployment].ToReport(_settings.Self) with { Held = m.Held }));
        Receive<RepeatReport>(_ => { });
        Receive<EngineInventory>(m => Show(_health.With(m)));
        Receive<EngineDown>(m => Show(_health.WithoutEngine(m.Message)));
        Receive<ProblemsAre>(m => Show(_health.With(m.Source, m.Problems)));
        Receive<CertificatesAre>(m => Show(_health with { Certificates = m.Certificates }));
        Receive<TunnelsAre>(m => Show(_health with { Tunnels = m.Tunnels }, soon: !_health.HasLinksLike(m.Tunnels)));
        Receive<Signal>(Everything.Equals, _ => ReportEverything());
        Receive<Signal>(Status.Equals, _ => TellStatus());
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="settings">Who the runner is.</param>
    /// <param name="deployments">Takes reports.</param>
    /// <param name="controlNodes">Takes the status.</param>
    public static Props Props(RunnerSettings settings, IActorRef deployments, IActorRef controlNodes) =>
        Akka.Actor.Props.Create(() => new ReporterActor(settings, deployments, controlNodes));

    /// <inheritdoc/>
    protected override void PreStart() => Timers.StartPeriodicTimer(Everything, Everything, _settings.Options.ReportEvery);

    private void Report(AgentFacts facts) => Report(facts.ToReport(_settings.Self));

    private void Report(RunnerReport report) => _deployments.Tell(report, _runner);

    private void ReportEverything()
    {
        var options = _settings.Options;
        var unknownToo = _round++ % Math.Max(1, (long)(options.ReportUnknownEvery / options.ReportEvery)) == 0;
        foreach (var facts in _facts.Values.Where(f => unknownToo || !f.Unknown))
        {
            Report(facts);
        }

        TellStatus();
    }

    /// <summary>Changes that come together go out together.</summary>
    private void Show(RunnerHealth health, bool soon = true)
    {
        _health = health;
        if (soon && !Timers.IsTimerActive(Status))
        {
            Timers.StartSingleTimer(Status, Status, _settings.Options.StatusDelay);
        }
    }

    private void TellStatus() => _controlNodes.Tell(_health.ToStatus(_settings, _facts.Values), _runner);
}

/// <summary>To the reporter: somebody asked anew; say again what was said last about this deployment, if anything was.</summary>
/// <param name="Deployment">Which.</param>
/// <param name="Held">What the runner works from, when whoever asked knows less; null otherwise.</param>
internal sealed record RepeatReport(DeploymentName Deployment, Assignment? Held = null) : INoSerializationVerificationNeeded;
