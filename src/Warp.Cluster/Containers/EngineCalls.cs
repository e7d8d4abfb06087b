using Akka.Actor;
using Akka.Event;

namespace Warp.Cluster.Containers;

/// <summary>
/// An actor's calls to the engine, one at a time. Each call has a number and a deadline and always comes back as an <see cref="EngineAnswer{T}"/>; an answer that is not the
/// newest call's is late, and its number tells.
/// </summary>
/// <param name="owner">Who gets the answers.</param>
/// <param name="scheduler">Watches the deadlines.</param>
internal sealed class EngineCalls(IActorRef owner, IScheduler scheduler)
{
    private Action _cancel = static () => { };
    private long _newest;

    /// <summary>Whether the answer is the newest call's.</summary>
    public bool IsCurrent(long number) => number == _newest;

    /// <summary>Begins a call; the one before is abandoned.</summary>
    public void Begin<T>(Func<CancellationToken, Task<RuntimeResult<T>>> call, TimeSpan deadline)
    {
        Abandon();
        var number = _newest;
        var underway = new Cancelable(scheduler, deadline);
        _cancel = underway.Cancel;
        _ = RunAsync(call, deadline, underway.Token).PipeTo(
            owner,
            success: result => new EngineAnswer<T>(number, result),
            failure: error => new EngineAnswer<T>(number, Failed(error.Message)));
    }

    /// <summary>Cancels what is under way; its answer will not be current.</summary>
    public void Abandon()
    {
        _newest++;
        _cancel();
    }

    private static async Task<RuntimeResult<T>> RunAsync<T>(Func<CancellationToken, Task<RuntimeResult<T>>> call, TimeSpan deadline, CancellationToken token)
    {
        try
        {
            return await call(token).WaitAsync(token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return Failed($"the container engine did not answer within {deadline.TotalSeconds:0} s; is it overloaded or stuck?");
        }
    }

    private static RuntimeFailure Failed(string message) => new(RuntimeFailureKind.EngineUnavailable, message);
}

/// <summary>What a call came to.</summary>
/// <param name="Number">The call's number.</param>
/// <param name="Result">A failure of kind <see cref="RuntimeFailureKind.EngineUnavailable"/> when the call threw or its time ran out.</param>
internal sealed record EngineAnswer<T>(long Number, RuntimeResult<T> Result) : INoSerializationVerificationNeeded, IDeadLetterSuppression;
