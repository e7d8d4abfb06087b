using Akka.Actor;
using Akka.Event;
using Warp.Cluster.Endpoints;

namespace Warp.Cluster.Runners;

/// <summary>
/// The only one who touches the kernel's rules: brings them to the newest routes, one call at a time (what comes meanwhile is overtaken by what comes last), and looks regularly
/// whether somebody else has changed them.
/// </summary>
internal sealed class RuleSetActor : ReceiveActor, IWithTimers
{
    /// <summary>The source of its problems.</summary>
    public const string ProblemSource = "rules";

    private static readonly Signal Verify = new("Verify");
    private static readonly Signal ForgetRepair = new("ForgetRepair");
    private static readonly TimeSpan CallDeadline = TimeSpan.FromSeconds(30);
    private readonly IRuleSet _rules;
    private readonly RunnerOptions _options;
    private readonly IActorRef _problems;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private RunnerRoutes? _wanted;
    private RunnerRoutes? _applying;
    private bool _applied;
    private bool _underway;
    private string? _failure;
    private string? _repaired;

    public RuleSetActor(IRuleSet rules, RunnerOptions options, IActorRef problems)
    {
        (_rules, _options, _problems) = (rules, options, problems);
        Receive<ApplyRoutes>(m =>
        {
            _wanted = m.Routes;
            Go();
        });
        Receive<Signal>(Verify.Equals, _ => Go());
        Receive<Outcome>(Came);
        Receive<Signal>(ForgetRepair.Equals, _ =>
        {
            _repaired = null;
            Tell();
        });
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="rules">The kernel.</param>
    /// <param name="options">Its rhythms.</param>
    /// <param name="problems">Takes <see cref="ProblemsAre"/>.</param>
    public static Props Props(IRuleSet rules, RunnerOptions options, IActorRef problems) => Akka.Actor.Props.Create(() => new RuleSetActor(rules, options, problems));

    /// <inheritdoc/>
    protected override void PreStart() => Timers.StartPeriodicTimer(Verify, Verify, _options.VerifyRulesEvery);

    private void Go()
    {
        if (_underway)
        {
            return;
        }

        if (_wanted is { } routes)
        {
            (_applying, _wanted) = (routes, null);
            Call(token => _rules.ApplyAsync(routes, token));
        }
        else if (_applied)
        {
            Call(_rules.VerifyAsync);
        }
    }

    private void Call(Func<CancellationToken, Task<RuleSetOutcome>> call)
    {
        _underway = true;
        var deadline = new Cancelable(Context.System.Scheduler, CallDeadline);
        _ = RunAsync(call, deadline.Token).PipeTo(Self, success: o => new Outcome(o), failure: e => new Outcome(new RuleSetOutcome(null, $"the kernel's rules: {e.Message}")));
    }

    private static async Task<RuleSetOutcome> RunAsync(Func<CancellationToken, Task<RuleSetOutcome>> call, CancellationToken token) =>
        await call(token).WaitAsync(token).ConfigureAwait(false);

    private void Came(Outcome outcome)
    {
        _underway = false;
        if (outcome.Value.Repaired is { } repaired)
        {
            _log.Warning("The kernel's rules had been changed by someone else and were restored: {0}", repaired);
            _repaired = $"the kernel's rules were changed by someone else and restored: {repaired}";
            Timers.StartSingleTimer(ForgetRepair, ForgetRepair, _options.RepairShownFor);
        }

        if (outcome.Value.Failure is { } failure)
        {
            if (!string.Equals(failure, _failure, StringComparison.Ordinal))
            {
                _log.Error("The kernel's rules are not as they should be: {0}", failure);
            }

            // Tried again at the next look; newer routes win.
            _wanted ??= _applying;
        }
        else if (_applying is not null)
        {
            _applied = true;
        }

        _applying = null;
        _failure = outcome.Value.Failure;
        Tell();
        if (_wanted is not null && _failure is null)
        {
            Go();
        }
    }

    private void Tell() => _problems.Tell(new ProblemsAre(ProblemSource, [.. new[] { _failure, _repaired }.OfType<string>()]));

    private sealed record Outcome(RuleSetOutcome Value) : INoSerializationVerificationNeeded;
}

/// <summary>Bring the kernel to these routes.</summary>
internal sealed record ApplyRoutes(RunnerRoutes Routes) : INoSerializationVerificationNeeded;
