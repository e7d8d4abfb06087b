using Akka.Actor;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;

namespace Warp.Cluster.Containers;

/// <summary>
/// One attempt to bring a container to run: remove what cannot be used, see to the image, make it, start it; from wherever it stands. Tells its parent each step and how it ended,
/// then ends. Everything it says carries the attempt's number, so that a late word of an earlier attempt changes nothing.
/// </summary>
internal sealed class ContainerLaunchActor : ReceiveActor
{
    private readonly LaunchOrder _order;
    private readonly IContainerRuntime _runtime;
    private readonly ContainerOptions _options;
    private readonly EngineCalls _calls;
    private string? _containerId;
    private bool _pulling;
    private bool _cut;

    public ContainerLaunchActor(LaunchOrder order, IContainerRuntime runtime, ContainerOptions options)
    {
        (_order, _containerId, _runtime, _options) = (order, order.ContainerId, runtime, options);
        _calls = new EngineCalls(Self, Context.System.Scheduler);
        On<Done>(_ =>
        {
            _containerId = null;
            Pull();
        });
        On<ImageInfo>(image => Create(image.ExposedTcpPorts is [var only] ? only : null));
        On<string>(id =>
        {
            _containerId = id;
            Start();
        });
        On<ObservedContainer>(seen => End(new LaunchDone(_order.Attempt, seen)));
        Receive<PullLine>(m => Context.Parent.Tell(new LaunchStep(_order.Attempt, InstancePhase.Pulling, null, m.Text)));
        Receive<CutLaunch>(_ =>
        {
            _cut = true;
            if (_pulling)
            {
                End(new LaunchCut(_order.Attempt, _containerId));
            }
        });
    }

    /// <param name="order">What to do.</param>
    /// <param name="runtime">The engine.</param>
    /// <param name="options">Its rhythms.</param>
    public static Props Props(LaunchOrder order, IContainerRuntime runtime, ContainerOptions options) =>
        Akka.Actor.Props.Create(() => new ContainerLaunchActor(order, runtime, options));

    /// <inheritdoc/>
    protected override void PreStart()
    {
        if (_containerId is { } old && _order.Anew)
        {
            Step(InstancePhase.Creating, token => _runtime.RemoveAsync(old, token), _options.CallDeadline);
        }
        else if (_containerId is null)
        {
            Pull();
        }
        else
        {
            Start();
        }
    }

    /// <inheritdoc/>
    protected override void PostStop() => _calls.Abandon();

    private void Pull()
    {
        var spec = _order.Wish.Spec;
        var policy = _order.ImageSeen && spec.Pull == PullPolicy.Always ? PullPolicy.Missing : spec.Pull;
        var progress = new PullProgress(Self, _options.ProgressEvery);
        _pulling = true;
        Step(InstancePhase.Pulling, token => _runtime.EnsureImageAsync(spec.Image, policy, progress, token), _options.PullDeadline);
    }

    private void Create(int? imagePort)
    {
        _pulling = false;
        if (_order.Wish.Network is not { } network)
        {
            End(new LaunchFailed(_order.Attempt, new RuntimeFailure(RuntimeFailureKind.EngineUnavailable, "the deployment's network is not made yet"), null));
            return;
        }

        var plan = _order.Wish.ToPlan(network, imagePort);
        Step(InstancePhase.Creating, token => _runtime.CreateAsync(plan, token), _options.CallDeadline, imagePort);
    }

    private void Start()
    {
        var id = _containerId!;
        Step(InstancePhase.Starting, token => _runtime.StartAsync(id, token), _options.CallDeadline);
    }

    private void Step<T>(InstancePhase phase, Func<CancellationToken, Task<RuntimeResult<T>>> call, TimeSpan deadline, int? imagePort = null)
    {
        Context.Parent.Tell(new LaunchStep(_order.Attempt, phase, imagePort, null));
        _calls.Begin(call, deadline);
    }

    private void On<T>(Action<T> next) => Receive<EngineAnswer<T>>(m => _calls.IsCurrent(m.Number), m =>
    {
        if (_cut)
        {
            End(new LaunchCut(_order.Attempt, m is EngineAnswer<string> { Result: { Failure: null, Value: { } created } } ? created : _containerId));
        }
        else if (m.Result.Failure is { } failure)
        {
            End(new LaunchFailed(_order.Attempt, failure, _containerId));
        }
        else
        {
            next(m.Result.Value!);
        }
    });

    private void End(object word)
    {
        Context.Parent.Tell(word);
        Context.Stop(Self);
    }
}

/// <summary>What a launch begins with.</summary>
/// <param name="Attempt">Its number.</param>
/// <param name="Wish">What is to run.</param>
/// <param name="ContainerId">A container that is there already; null when none is.</param>
/// <param name="Anew">Whether that container is of no use and has to be removed first.</param>
/// <param name="ImageSeen">Whether the image was there at an earlier attempt: then it is not pulled again to the same placement.</param>
internal sealed record LaunchOrder(long Attempt, ContainerWish Wish, string? ContainerId, bool Anew, bool ImageSeen);

/// <summary>To a launch: end as soon as it is known which container there is. A pull is cut short; a call that makes or starts something is not.</summary>
internal sealed record CutLaunch : INoSerializationVerificationNeeded
{
    /// <summary>The one there is.</summary>
    public static CutLaunch Instance { get; } = new();
}

/// <summary>A launch goes on.</summary>
/// <param name="Attempt">Its number.</param>
/// <param name="Phase">What it does now.</param>
/// <param name="ImagePort">The image's single EXPOSEd TCP port, once the image was seen.</param>
/// <param name="Text">Progress, for a person; null when there is none.</param>
internal sealed record LaunchStep(long Attempt, InstancePhase Phase, int? ImagePort, string? Text) : INoSerializationVerificationNeeded;

/// <summary>A launch's last word: the container was started (and may have ended since).</summary>
internal sealed record LaunchDone(long Attempt, ObservedContainer Seen) : INoSerializationVerificationNeeded;

/// <summary>A launch's last word: the engine did not do it. The container that there is now; null when none is.</summary>
internal sealed record LaunchFailed(long Attempt, RuntimeFailure Failure, string? ContainerId) : INoSerializationVerificationNeeded;

/// <summary>A launch's last word: it was cut. The container that there is now; null when none is.</summary>
internal sealed record LaunchCut(long Attempt, string? ContainerId) : INoSerializationVerificationNeeded;
