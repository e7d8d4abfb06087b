using Akka.Actor;

namespace Warp.Cluster.Containers;

/// <summary>Takes a pull's lines from the engine's threads and passes on one a while: a pull writes hundreds a second.</summary>
/// <param name="owner">Who gets the <see cref="PullLine"/>s.</param>
/// <param name="every">The least time between two.</param>
internal sealed class PullProgress(IActorRef owner, TimeSpan every) : IProgress<string>
{
    private long _notBefore;

    /// <inheritdoc/>
    public void Report(string value)
    {
        var now = Environment.TickCount64;
        var notBefore = Interlocked.Read(ref _notBefore);
        if (now >= notBefore && Interlocked.CompareExchange(ref _notBefore, now + (long)every.TotalMilliseconds, notBefore) == notBefore)
        {
            owner.Tell(new PullLine(value));
        }
    }
}

/// <summary>One line of progress, for a person.</summary>
internal sealed record PullLine(string Text) : INoSerializationVerificationNeeded;
