using Akka.Actor;
using Akka.Event;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Registries;

/// <summary>Takes the cluster's logins on a runner and has them kept: one write at a time, the newest only. What could not be written is written when it comes again.</summary>
public sealed class RegistryLoginKeeperActor : ReceiveActor
{
    private readonly IRegistryLoginStore _store;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private RegistryLogins? _kept;
    private RegistryLogins? _underway;

    /// <summary>For <see cref="Props"/>.</summary>
    public RegistryLoginKeeperActor(IRegistryLoginStore store)
    {
        _store = store;
        Receive<RegistryLogins>(OnLogins);
        Receive<Written>(OnWritten);
    }

    /// <summary>How to make one.</summary>
    /// <param name="store">The disk.</param>
    public static Props Props(IRegistryLoginStore store) => Akka.Actor.Props.Create(() => new RegistryLoginKeeperActor(store));

    // What comes during a write is not noted: it comes again with the next round.
    private void OnLogins(RegistryLogins logins)
    {
        if (_underway is null && !(_kept?.Logins.SequenceEqual(logins.Logins) ?? false))
        {
            _underway = logins;
            _ = SaveAsync(_store, logins).PipeTo(Self, success: () => new Written(null), failure: e => new Written(e.Message));
        }
    }

    private void OnWritten(Written written)
    {
        if (written.Problem is { } problem)
        {
            _log.Warning("The logins at image registries cannot be kept on disk: {0}; it is tried again", problem);
        }
        else
        {
            _kept = _underway;
        }

        _underway = null;
    }

    private static async Task SaveAsync(IRegistryLoginStore store, RegistryLogins logins) => await store.SaveAsync(logins, CancellationToken.None).ConfigureAwait(false);

    private sealed record Written(string? Problem) : INoSerializationVerificationNeeded;
}
