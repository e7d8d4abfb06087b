using Akka.Actor;
using Warp.Cluster.Protocol;
using Warp.Cluster.Runners;
using Warp.Cluster.Specs;

namespace Warp.Cluster.Containers;

/// <summary>
/// One container's life: adopted as found or launched, watched and launched again, until it is retired. What takes several calls, or goes on for long, is done by a child, one at a
/// time: a numbered launch, a numbered watch over its health, or the removal. The actor's own end is not the container's end.
/// </summary>
internal sealed class ContainerActor : ContainerActorBase
{
    private static readonly Signal Retry = new("Retry");
    private static readonly Signal Settled = new("Settled");
    private ContainerWish? _wish;
    private RetireContainer? _order;
    private bool _lookAgain;

    public ContainerActor(ContainerLife life, ContainerTools tools, ContainerOptions options)
        : base(life, tools, options) => Become(Begin);

    /// <param name="life">What is known at the beginning.</param>
    /// <param name="tools">How containers are run.</param>
    /// <param name="options">Its rhythms.</param>
    public static Props Props(ContainerLife life, ContainerTools tools, ContainerOptions options) =>
        Akka.Actor.Props.Create(() => new ContainerActor(life, tools, options));

    private void Begin()
    {
        Receive<RetireContainer>(Retire);
        Receive<RunContainer>(m =>
        {
            _wish = m.Wish;
            if (Life.Seen is { Running: true } runs)
            {
                Run(runs, adopted: true);
            }
            else if (Life.Seen is { StartedAt: not null } ended)
            {
                End(ended);
            }
            else
            {
                Wait(Life);
            }
        });
    }

    /// <summary>A launch is under way.</summary>
    private void Launching()
    {
        Receive<RunContainer>(m => _wish = m.Wish);
        Receive<LookAgain>(_ => _lookAgain = true);
        Receive<RetireContainer>(m =>
        {
            _order = m;
            Helper.Tell(CutLaunch.Instance);
        });
        Receive<LaunchStep>(m => m.Attempt == Number, m => Report(Life.With(m)));
        Receive<LaunchCut>(m => m.Attempt == Number, m => Launched(Life with { ContainerId = m.ContainerId }, () => { }));
        Receive<LaunchDone>(m => m.Attempt == Number, m => Launched(Life.With(m.Seen), () => Seen(m.Seen)));
        Receive<LaunchFailed>(m => m.Attempt == Number, m => Launched(Life with { ContainerId = m.ContainerId }, () => Wait(Life.With(m.Failure, _wish!.Spec))));
    }

    /// <summary>It runs.</summary>
    private void Running()
    {
        Receive<RunContainer>(m =>
        {
            _wish = m.Wish;
            Helper.Tell(HealthPlan.Of(m.Wish.Spec, Life.ImagePort));
        });
        Receive<RetireContainer>(Retire);
        Receive<LookAgain>(_ => Inspect());
        Receive<Signal>(Settled.Equals, _ => Life = Life with { Failures = 0 });
        Receive<HealthIs>(m => m.Number == Number, m =>
        {
            Report(Life.With(m.Health, m.Cause));
            if (m.Health == InstanceHealth.Unhealthy && _wish!.Restart is not (null or RestartPolicy.Never))
            {
                Stand();
                Stop(_wish.Grace);
                Become(Halting);
            }
        });
        OnInspected(Seen, () => Wait(Life.Without().Ended(ContainerCause.Vanished, Now)));
    }

    /// <summary>It is being stopped because it is not well, to be started again.</summary>
    private void Halting()
    {
        Receive<RunContainer>(m => _wish = m.Wish);
        Receive<RetireContainer>(Retire);
        Receive<LookAgain>(_ => { });
        OnStopped(() => Wait(Life.Halted().Ended(Life.Cause!, Now)));
    }

    /// <summary>It ended or could not be made; the next attempt waits for its time, or for the engine if that was the reason, or does not come at all.</summary>
    private void Resting()
    {
        Receive<RunContainer>(m =>
        {
            _wish = m.Wish;
            if (Life.StartsAgain(m.Wish.Restart) == (Life.Phase == InstancePhase.Ended))
            {
                Wait(Life);
            }
        });
        Receive<RetireContainer>(Retire);
        Receive<Signal>(Retry.Equals, _ => Launch());
        Receive<LookAgain>(_ => Life is { WaitsForEngine: true, Phase: InstancePhase.BackingOff }, _ => Launch());
        Receive<LookAgain>(_ => Inspect());
        OnInspected(
            seen =>
            {
                if (seen.Running)
                {
                    Seen(seen);
                }
            },
            () => Life = Life.Without());
    }

    /// <summary>It is being stopped and removed.</summary>
    private void Retiring()
    {
        Receive<LookAgain>(m => Helper.Forward(m));
        Receive<RetireContainer>(m => m.DrainFor == TimeSpan.Zero, _ => Helper.Tell(StopDraining.Instance));
        Receive<RemovalDelayed>(m => Report(Life with { Cause = m.Cause }));
        Receive<RemovalStopped>(_ => Report(Life with { Seen = null, Cause = null }));
        Receive<RemovalDone>(_ => Gone());
    }

    private void Launch()
    {
        var (wish, life) = (_wish!, Life);
        Help("launch", number => ContainerLaunchActor.Props(new LaunchOrder(number, wish, life.ContainerId, life.Unusable, life.ImageSeen), Tools.Runtime, Options));
        Become(Launching);
    }

    private void Launched(ContainerLife life, Action onwards)
    {
        Life = life;
        if (_order is { } order)
        {
            Retire(order);
        }
        else
        {
            onwards();
        }
    }

    private void Seen(ObservedContainer seen)
    {
        if (!seen.Running)
        {
            End(seen);
            return;
        }

        if (Life.Phase != InstancePhase.Running || seen.StartedAt != Life.Seen?.StartedAt)
        {
            Run(seen, adopted: false);
        }
        else
        {
            Report(Life.With(seen));
        }

        if (_lookAgain)
        {
            _lookAgain = false;
            Inspect();
        }
    }

    private void Run(ObservedContainer seen, bool adopted)
    {
        var life = Life.With(seen).Runs();
        var health = ContainerHealth.Begin(HealthPlan.Of(_wish!.Spec, life.ImagePort), adopted ? seen.StartedAt ?? Now : Now, adopted, Now);
        Help("health", number => ContainerHealthActor.Props(number, new ProbeTarget(seen.ContainerId, seen.Address), health, Tools.Probe));
        Timers.StartSingleTimer(Settled, Settled, Options.Settled);
        Become(Running);
        Report(life.With(health.Health, null));
    }

    private void End(ObservedContainer seen) => Wait(Life.With(seen).Ended(ContainerCause.OfEnd(seen), Now));

    private void Wait(ContainerLife life)
    {
        Stand();
        if (!life.StartsAgain(_wish!.Restart))
        {
            Report(life with { Phase = InstancePhase.Ended });
            Become(Resting);
            return;
        }

        if (life.Failures > 0)
        {
            Report(life with { Phase = InstancePhase.BackingOff });
        }

        if (life.Delay(Options.Restart) is { Ticks: > 0 } delay)
        {
            Timers.StartSingleTimer(Retry, Retry, delay);
            Become(Resting);
        }
        else
        {
            Launch();
        }
    }

    private void Retire(RetireContainer order)
    {
        if (Life.ContainerId is not { } id)
        {
            Gone();
            return;
        }

        var removal = new RemovalOrder(id, order.Grace, Life.Seen is { Running: true } seen ? seen.Address : null, order.DrainFor);
        Help("removal", _ => ContainerRemovalActor.Props(removal, Tools, Options));
        Report(Life with { Phase = InstancePhase.Stopping, Cause = removal.Drains ? $"its connections may go on for {order.DrainFor.TotalSeconds:0} s" : null });
        Become(Retiring);
    }

    private void Gone()
    {
        Context.Parent.Tell(new ContainerGone(Life.Key));
        Context.Stop(Self);
    }
}
