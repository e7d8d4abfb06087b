namespace Warp.Node.Cli.Configuration.Scripts;

/// <summary>
/// The one thread that a file's code runs on: an engine is for one thread only, nested calls need a known amount of stack, and what cannot be interrupted is left behind with its thread.
/// It ends by itself when nothing was to do for a while.
/// </summary>
internal sealed class ScriptThread
{
    private const int StackBytes = 4 * 1024 * 1024;
    private static readonly TimeSpan IdleLife = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);
    private readonly Lock _one = new();
    private readonly object _turn = new();
    private readonly Queue<Action> _work = new();
    private bool _alive;
    private bool _lost;

    /// <summary>Runs the work and waits for its end.</summary>
    /// <param name="work">Throws nothing: its outcome is what it stores.</param>
    /// <param name="time">How long to wait.</param>
    /// <param name="growth">By how many bytes the process's heap may grow meanwhile.</param>
    /// <returns>False when it did not end in time or took too much: its thread is given up, and nothing runs here any more.</returns>
    public bool Run(Action work, TimeSpan time, long growth)
    {
        lock (_one)
        {
            if (_lost)
            {
                return false;
            }

            using var done = new ManualResetEventSlim();
            var outcome = done;
            Enqueue(() =>
            {
                work();
                try
                {
                    outcome.Set();
                }
                catch (ObjectDisposedException)
                {
                    // Nobody waits any more.
                }
            });
            var before = GC.GetTotalMemory(forceFullCollection: false);
            var end = Environment.TickCount64 + (long)time.TotalMilliseconds;
            while (!done.Wait(Look))
            {
                if (Environment.TickCount64 >= end || GC.GetTotalMemory(forceFullCollection: false) - before > growth)
                {
                    _lost = true;
                    return false;
                }
            }

            return true;
        }
    }

    private void Enqueue(Action work)
    {
        lock (_turn)
        {
            _work.Enqueue(work);
            if (_alive)
            {
                Monitor.Pulse(_turn);
                return;
            }

            _alive = true;
        }

        new Thread(Live, StackBytes) { IsBackground = true, Name = "configuration file" }.Start();
    }

    private void Live()
    {
        while (Next() is { } work)
        {
            work();
        }
    }

    private Action? Next()
    {
        lock (_turn)
        {
            if (_work.Count == 0)
            {
                Monitor.Wait(_turn, IdleLife);
            }

            _alive = _work.Count > 0;
            return _alive ? _work.Dequeue() : null;
        }
    }
}
