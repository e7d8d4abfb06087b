using System.Collections.Immutable;
using Akka.Actor;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Runners;

/// <summary>
/// Keeps the ingress at what control nodes tell of public URLs, in memory and on disk, and reports what is wrong with it. A deployment that nobody tells of any more is asked for, and
/// forgotten only when a control node answers that there is none: while none answers, what was told last is served.
/// </summary>
internal sealed class PublicRoutesActor : ReceiveActor, IWithTimers
{
    private const string ProblemSource = "ingress";
    private static readonly Signal Look = new("look");
    private readonly IPublicRouteHolder _ingress;
    private readonly RunnerOptions _options;
    private readonly IActorRef _deployments;
    private readonly IActorRef _keeper;
    private readonly IActorRef _reporter;
    private PublicKnowledge _knowledge = new();
    private ImmutableArray<string> _told = [];

    public PublicRoutesActor(IPublicRouteHolder ingress, RunnerOptions options, IActorRef deployments, IActorRef keeper, IActorRef reporter)
    {
        (_ingress, _options, _deployments, _keeper, _reporter) = (ingress, options, deployments, keeper, reporter);
        Receive<PublicRoutesFromDisk>(m =>
        {
            _knowledge = PublicKnowledge.From(m.Routes, Now);
            Publish();
        });
        Receive<PublicRoutes>(m => _knowledge.Takes(m, Now, _options.LateFor), Take);
        Receive<PublicRoutes>(_ => { });
        Receive<DeploymentNotFound>(m =>
        {
            _knowledge = _knowledge.Without(m.Deployment);
            _keeper.Tell(new ForgetPublicRoutes(m.Deployment));
            Publish();
        });

        // It is there: its actor tells of it in its own time.
        Receive<DeploymentView>(_ => { });
        Receive<Signal>(Look.Equals, _ => LookAround());
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private static TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    /// <param name="ingress">The ingress of this node.</param>
    /// <param name="options">Its rhythms.</param>
    /// <param name="deployments">Takes <see cref="GetDeployment"/>.</param>
    /// <param name="keeper">Takes <see cref="KeepPublicRoutes"/> and <see cref="ForgetPublicRoutes"/>.</param>
    /// <param name="reporter">Takes <see cref="ProblemsAre"/>.</param>
    public static Props Props(IPublicRouteHolder ingress, RunnerOptions options, IActorRef deployments, IActorRef keeper, IActorRef reporter) =>
        Akka.Actor.Props.Create(() => new PublicRoutesActor(ingress, options, deployments, keeper, reporter));

    /// <inheritdoc/>
    protected override void PreStart() => Timers.StartPeriodicTimer(Look, Look, _options.PublicLookEvery);

    private void Take(PublicRoutes routes)
    {
        var news = _knowledge.IsNews(routes);
        _knowledge = _knowledge.With(routes, Now);
        if (!news)
        {
            return;
        }

        _keeper.Tell(routes.Services.IsEmpty ? new ForgetPublicRoutes(routes.Deployment) : new KeepPublicRoutes(routes));
        Publish();
    }

    private void Publish()
    {
        _ingress.Publish(_knowledge.Routes);
        TellProblems();
    }

    private void LookAround()
    {
        foreach (var deployment in _knowledge.Silent(Now, _options.PublicAskAfter))
        {
            _deployments.Tell(new GetDeployment(deployment));
        }

        TellProblems();
    }

    private void TellProblems()
    {
        var problems = _ingress.Problems;
        if (!problems.SequenceEqual(_told, StringComparer.Ordinal))
        {
            _told = problems;
            _reporter.Tell(new ProblemsAre(ProblemSource, problems));
        }
    }
}

/// <summary>What was kept when the node ended.</summary>
internal sealed record PublicRoutesFromDisk(ImmutableArray<PublicRoutes> Routes) : INoSerializationVerificationNeeded;
