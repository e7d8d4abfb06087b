using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Runners;

/// <summary>
/// Has kept what control nodes say of the cluster's trust, and looks at the node's certificates from time to time, to report when they end and what is wrong with them. What could not be
/// kept is kept when it comes again.
/// </summary>
internal sealed class TrustActor : ReceiveActor, IWithTimers
{
    private const string ProblemSource = "certificates";
    private static readonly Signal Look = new("look");
    private readonly INodeTrust _trust;
    private readonly RunnerOptions _options;
    private readonly IActorRef _reporter;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private RunnerCertificates? _told;
    private ImmutableArray<string> _problems = [];

    public TrustActor(INodeTrust trust, RunnerOptions options, IActorRef reporter)
    {
        (_trust, _options, _reporter) = (trust, options, reporter);
        Receive<Signal>(Look.Equals, _ => LookAround());
        Receive<ClusterTrust>(m => _ = TakeAsync(_trust, m).PipeTo(Self, success: () => Look, failure: e => new NotKept(e.Message)));
        Receive<NotKept>(m => _log.Warning("What the cluster says of removed runners cannot be kept on disk: {0}; it is tried again", m.Problem));
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="trust">The node's certificates.</param>
    /// <param name="options">The runner's rhythms.</param>
    /// <param name="reporter">Takes <see cref="CertificatesAre"/> and <see cref="ProblemsAre"/>.</param>
    public static Props Props(INodeTrust trust, RunnerOptions options, IActorRef reporter) => Akka.Actor.Props.Create(() => new TrustActor(trust, options, reporter));

    /// <inheritdoc/>
    protected override void PreStart() => Timers.StartPeriodicTimer(Look, Look, TimeSpan.Zero, _options.LookAtTrustEvery);

    private static async Task TakeAsync(INodeTrust port, ClusterTrust trust) => await port.TakeAsync(trust, CancellationToken.None).ConfigureAwait(false);

    private void LookAround()
    {
        var certificates = _trust.Certificates;
        if (certificates is not null && certificates != _told)
        {
            _told = certificates;
            _reporter.Tell(new CertificatesAre(certificates));
        }

        var problems = _trust.Problems;
        if (!problems.SequenceEqual(_problems, StringComparer.Ordinal))
        {
            _problems = problems;
            _reporter.Tell(new ProblemsAre(ProblemSource, problems));
        }
    }

    private sealed record NotKept(string Problem) : INoSerializationVerificationNeeded;
}

/// <summary>To the reporter: what the node proves itself with now.</summary>
internal sealed record CertificatesAre(RunnerCertificates Certificates) : INoSerializationVerificationNeeded;
