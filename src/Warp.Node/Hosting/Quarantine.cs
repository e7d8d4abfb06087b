using Akka.Actor;
using Akka.Remote;

namespace Warp.Node.Hosting;

/// <summary>
/// Notices that a peer has quarantined this actor system: from then on that peer drops everything from it, for good, and only a new actor system can help.
/// </summary>
internal static class Quarantine
{
    /// <summary>From now on a quarantine ends the actor system.</summary>
    public static void EndsTheSystem(ActorSystem system) =>
        EventTap.Listen<ThisActorSystemQuarantinedEvent>(
            system, "warp-quarantine", by => _ = CoordinatedShutdown.Get(system).Run(new QuarantinedReason(by.RemoteAddress)));

    /// <summary>Why the system ends.</summary>
    /// <param name="peer">Who has quarantined it.</param>
    private sealed class QuarantinedReason(Address peer) : CoordinatedShutdown.Reason
    {
        /// <inheritdoc/>
        public override int ExitCode => 0;

        /// <inheritdoc/>
        public override string ToString() => $"quarantined by {peer}";
    }
}
