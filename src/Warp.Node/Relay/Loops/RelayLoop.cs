using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Warp.Node.Relay.Native;

namespace Warp.Node.Relay.Loops;

/// <summary>Something that a loop gives a turn when it asked for one, and a tick ten times a second, or once while nothing happens.</summary>
internal interface ILoopMember
{
    /// <summary>Does a bounded part of the work at hand.</summary>
    /// <returns>Whether more is left.</returns>
    bool Turn();

    /// <summary>Looks at deadlines.</summary>
    /// <param name="now">Milliseconds of <see cref="Environment.TickCount64"/>.</param>
    void Tick(long now);

    /// <summary>A turn or tick threw.</summary>
    void OnFault(Exception fault);
}

/// <summary>
/// One thread with its own event set. What it watches is touched by no other thread, so nothing on the way of a byte takes a lock;
/// other threads hand in commands.
/// </summary>
internal sealed class RelayLoop : IDisposable
{
    private const int BusyTick = 100;
    private const int IdleTick = 1000;

    private const ulong WakeNumber = ulong.MaxValue;
    private readonly EpollSet _events = new();
    private readonly WakeSignal _wake = new();
    private readonly SlotTable _slots = new();
    private readonly ConcurrentQueue<Action> _commands = new();
    private readonly List<ILoopMember> _members = [];
    private readonly ILogger _log;
    private readonly Thread _thread;
    private Queue<ILoopMember> _wanting = new();
    private Queue<ILoopMember> _turning = new();
    private long _lastTick;
    private bool _active;
    private int _awake;
    private volatile bool _stopping;
    private volatile bool _hasEnded;

    internal RelayLoop(string name, ILogger log)
    {
        (_log, Name) = (log, name);
        _ = _events.Add(_wake.Number, ReadyEvents.In, WakeNumber);
        _thread = new Thread(Run) { Name = name, IsBackground = true };
    }

    /// <summary>For the log.</summary>
    internal string Name { get; }

    /// <summary>Whether the caller is on this loop's thread.</summary>
    internal bool IsCurrent => Environment.CurrentManagedThreadId == _thread.ManagedThreadId;

    internal void Start() => _thread.Start();

    /// <summary>Runs a command on the loop's thread, soon; callable from any thread. When the loop has ended it is run here: a command may own what must be closed.</summary>
    internal void Post(Action command)
    {
        _commands.Enqueue(command);
        var wasAwake = Interlocked.Exchange(ref _awake, 1) != 0;
        if (_hasEnded)
        {
            RunRest();
        }
        else if (!wasAwake)
        {
            _wake.Set();
        }
    }

    /// <summary>Runs a command on the loop's thread: now when that is the caller's.</summary>
    internal void Run(Action command)
    {
        if (IsCurrent)
        {
            command();
        }
        else
        {
            Post(command);
        }
    }

    /// <summary>Watches a descriptor; false when the kernel has no room, or the loop has ended.</summary>
    internal bool Watch(int descriptor, ReadyEvents events, PollTarget target)
    {
        if (!_hasEnded && _events.Add(descriptor, events, _slots.Add(target)))
        {
            return true;
        }

        _slots.Remove(target);
        return false;
    }

    /// <summary>Forgets a target whose descriptor is being closed, which takes it out of the event set.</summary>
    internal void Forget(PollTarget target)
    {
        if (target.Slot != 0)
        {
            _slots.Remove(target);
        }
    }

    /// <summary>Forgets a target whose descriptor stays open and moves elsewhere.</summary>
    internal void Release(int descriptor, PollTarget target)
    {
        _events.Remove(descriptor);
        Forget(target);
    }

    internal void Join(ILoopMember member) => _members.Add(member);

    internal void Leave(ILoopMember member) => _members.Remove(member);

    /// <summary>Gives the member a turn in this round; the member asks once until it had it.</summary>
    internal void WantTurn(ILoopMember member) => _wanting.Enqueue(member);

    /// <summary>Ends the thread; waits for it unless called on it.</summary>
    public void Dispose()
    {
        _stopping = true;
        _wake.Set();
        if (!IsCurrent && !_thread.ThreadState.HasFlag(ThreadState.Unstarted))
        {
            _thread.Join();
        }

        _hasEnded = true;
        _events.Dispose();
        _wake.Dispose();
        RunRest();
    }

    private void Run()
    {
        while (!_stopping)
        {
            var count = _events.Wait(WaitTime());
            _active |= count > 0;
            for (var i = 0; i < count; i++)
            {
                Dispatch(i);
            }

            RunCommands();
            GiveTurns();
            if (Environment.TickCount64 - _lastTick >= BusyTick)
            {
                Tick();
            }
        }

        RunCommands();
    }

    private int WaitTime() =>
        _wanting.Count > 0 ? 0
        : _members.Count == 0 ? -1
        : (int)Math.Clamp(_lastTick + (_active ? BusyTick : IdleTick) - Environment.TickCount64, 0, IdleTick);

    private void Dispatch(int index)
    {
        var (events, number) = _events[index];
        if (number == WakeNumber)
        {
            _wake.Clear();
            return;
        }

        if (_slots.Find(number) is { } target)
        {
            Guard(static (target, events) => target.OnReady(events), target, events, static (target, fault) => target.OnFault(fault));
        }
    }

    private void RunCommands()
    {
        Volatile.Write(ref _awake, 0);
        Interlocked.MemoryBarrier();
        while (_commands.TryDequeue(out var command))
        {
            Guard(static (command, _) => command(), command, 0, static (_, _) => { });
        }
    }

    // The thread is gone: who comes does its work, one after the other.
    private void RunRest()
    {
        lock (_commands)
        {
            RunCommands();
        }
    }

    private void GiveTurns()
    {
        (_wanting, _turning) = (_turning, _wanting);
        while (_turning.TryDequeue(out var member))
        {
            Guard(
                static (member, loop) =>
                {
                    if (member.Turn())
                    {
                        loop.WantTurn(member);
                    }
                },
                member,
                this,
                static (member, fault) => member.OnFault(fault));
        }
    }

    private void Tick()
    {
        var now = Environment.TickCount64;
        (_lastTick, _active) = (now, false);
        for (var i = _members.Count - 1; i >= 0; i--)
        {
            // A member may leave, and take others with it, while it is ticked.
            if (i < _members.Count)
            {
                Guard(static (member, now) => member.Tick(now), _members[i], now, static (member, fault) => member.OnFault(fault));
            }
        }
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "A fault in one stream or trunk must cost that one only, never the loop.")]
    private void Guard<TTarget, TState>(Action<TTarget, TState> action, TTarget target, TState state, Action<TTarget, Exception> onFault)
    {
        try
        {
            action(target, state);
        }
        catch (Exception fault)
        {
            RelayLog.LoopFault(_log, Name, fault);
            try
            {
                onFault(target, fault);
            }
            catch (Exception second)
            {
                RelayLog.LoopFault(_log, Name, second);
            }
        }
    }
}
