using System.Runtime.InteropServices;
using Warp.Cluster.Identity;

namespace Warp.Node.Relay.Entry;

/// <summary>
/// The callers that wait in connect, and those whose packet went on and that have not been accepted yet; shared by all loops. Each container may have a part of the queue:
/// beyond it its connections are accepted first, so that one caller's burst does not take the queue from others.
/// </summary>
internal sealed class WaitingCallers(ISynQueue queue)
{
    private const int MaxPerContainer = 1024;
    private const int Patience = 5_000;
    private const int TickInterval = 1_000;
    private readonly Lock _gate = new();
    private readonly Dictionary<EntryCall, WaitingCaller> _callers = [];
    private readonly Dictionary<Ipv4Address, int> _counts = [];
    private long _nextTick;

    /// <summary>A packet came.</summary>
    /// <returns>The caller, when it is a new one whose call is to be admitted.</returns>
    internal WaitingCaller? Arrived(in HeldSyn syn)
    {
        WaitingCaller? gone = null;
        WaitingCaller? arrived = null;
        var (answered, answer) = (syn, SynAnswer.Accept);
        lock (_gate)
        {
            if (_callers.TryGetValue(syn.Call, out var known) && known.Syn.Sequence == syn.Sequence)
            {
                (answered, answer) = known.Repeat(syn);
            }
            else
            {
                // The caller may have begun anew from the same port.
                gone = known;
                Forget(gone);
                arrived = TryAdd(syn);
            }
        }

        // The kernel works on a packet that goes on before it is back: not under the lock.
        GiveUp(gone);
        if (arrived is null)
        {
            queue.Answer(answered, answer);
        }

        return arrived;
    }

    /// <summary>A redirected connection was accepted: what was opened for it; null when its service has not been dialled.</summary>
    internal ICallCarrier? Take(in EntryCall call)
    {
        WaitingCaller? caller;
        lock (_gate)
        {
            if (!_callers.TryGetValue(call, out caller))
            {
                return null;
            }

            Forget(caller);
        }

        if (caller.Carrier is null)
        {
            // Its packet came past the queue.
            GiveUp(caller);
        }

        return caller.Carrier;
    }

    /// <summary>The caller's service has its connection: the packet goes on.</summary>
    /// <returns>False when the caller is over.</returns>
    internal bool TryConnect(WaitingCaller caller, ICallCarrier carrier)
    {
        HeldSyn syn;
        lock (_gate)
        {
            if (caller.IsOver)
            {
                return false;
            }

            syn = caller.Syn;
            caller.Connected(carrier);
        }

        queue.Answer(syn, SynAnswer.Accept);
        return true;
    }

    /// <summary>There is no way for the caller; one that is over already is not answered again.</summary>
    internal void Refuse(WaitingCaller caller, SynAnswer answer)
    {
        lock (_gate)
        {
            if (caller.IsOver)
            {
                return;
            }

            Forget(caller);
        }

        queue.Answer(caller.Syn, answer);
    }

    /// <summary>Gives up those whose packet went on long ago: they are gone, or came past the queue.</summary>
    internal void Tick(long now)
    {
        WaitingCaller[] late;
        lock (_gate)
        {
            if (now < _nextTick)
            {
                return;
            }

            _nextTick = now + TickInterval;
            late = [.. _callers.Values.Where(caller => now - caller.ConnectedAt > Patience)];
            foreach (var caller in late)
            {
                Forget(caller);
            }
        }

        foreach (var caller in late)
        {
            GiveUp(caller);
        }
    }

    /// <summary>Whether the caller is refused, taken or given up.</summary>
    internal bool IsOver(WaitingCaller caller)
    {
        lock (_gate)
        {
            return caller.IsOver;
        }
    }

    private WaitingCaller? TryAdd(in HeldSyn syn)
    {
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_counts, syn.Call.Caller, out _);
        if (count >= MaxPerContainer)
        {
            return null;
        }

        count++;
        return _callers[syn.Call] = new WaitingCaller(this, syn);
    }

    private void Forget(WaitingCaller? caller)
    {
        if (caller is null)
        {
            return;
        }

        caller.End();
        _callers.Remove(caller.Syn.Call);
        if (--CollectionsMarshal.GetValueRefOrNullRef(_counts, caller.Syn.Call.Caller) == 0)
        {
            _counts.Remove(caller.Syn.Call.Caller);
        }
    }

    // A caller that was forgotten does not change any more.
    private void GiveUp(WaitingCaller? caller)
    {
        if (caller?.Carrier is { } carrier)
        {
            carrier.Loop.Post(carrier.Abandon);
        }
        else if (caller is not null)
        {
            queue.Answer(caller.Syn, SynAnswer.Drop);
        }
    }
}
