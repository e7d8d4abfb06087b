using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Jint;
using Jint.Constraints;

namespace Warp.Node.Cli.Configuration.Scripts;

/// <summary>
/// An engine for one file, without any way to the host: no CLR types, no files, no network, no timers, no other modules. Time, memory, depth and statements are limited for the file
/// and again for each later call of what it left behind.
/// </summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "The engine holds no handle and no timer; the rules of a file keep it for the command's whole life.")]
internal sealed class ScriptRuntime
{
    private readonly string _file;
    private readonly ScriptLimits _limits;
    private readonly ScriptThread _thread = new();
    private readonly OperationDeadlineConstraint _deadline = new();
    private readonly Engine _engine;
    private readonly Stopwatch _calls = new();

    public ScriptRuntime(string file, ScriptLimits limits)
    {
        _file = file;
        _limits = limits;
        _engine = new Engine(options =>
        {
            options.LimitMemory(limits.Memory);
            options.LimitRecursion(limits.Depth);
            options.MaxStatements(limits.Statements);
            options.Constraint(_deadline);
            options.RegexTimeoutInterval(limits.Match);
            options.DisableStringCompilation();
            options.Constraints.MaxArraySize = limits.ArrayLength;
            options.Constraints.StackOverflowGuard = true;
            options.Constraints.PromiseTimeout = limits.Call;
        });
    }

    /// <summary>Runs the file.</summary>
    /// <exception cref="ScriptException">It failed, or took more than is allowed.</exception>
    public T Load<T>(Func<Engine, T> work) => Run(work, _limits.Load);

    /// <summary>Runs a function that the file left behind.</summary>
    /// <exception cref="ScriptException">It failed, or took more than is allowed, alone or with all calls before.</exception>
    public T Call<T>(Func<Engine, T> work)
    {
        var left = _limits.AllCalls - _calls.Elapsed;
        if (left <= TimeSpan.Zero)
        {
            throw ScriptFailure.AllCalls(_file, _limits);
        }

        _calls.Start();
        try
        {
            return Run(work, left < _limits.Call ? left : _limits.Call);
        }
        finally
        {
            _calls.Stop();
        }
    }

    private T Run<T>(Func<Engine, T> work, TimeSpan time)
    {
        T? result = default;
        ScriptException? failure = null;
        var ended = _thread.Run(
            () =>
            {
                string? trace = null;
                try
                {
                    _deadline.Begin(time, CancellationToken.None);
                    result = work(_engine);
                }
                catch (Exception thrown) when (KeepTrace(out trace))
                {
                    failure = ScriptFailure.Of(thrown, _file, trace, time, _limits);
                }
                finally
                {
                    _deadline.End();
                }
            },
            time + _limits.Patience,
            _limits.ProcessGrowth);
        return (ended, failure) switch
        {
            (false, _) => throw ScriptFailure.GivenUp(_file, time),
            (_, { } problem) => throw problem,
            _ => result!,
        };
    }

    // A filter runs before the stack is unwound: what limits throw has no place of its own, but the engine still knows where it was.
    private bool KeepTrace(out string? trace)
    {
        trace = _engine.Advanced.StackTrace;
        return true;
    }
}
