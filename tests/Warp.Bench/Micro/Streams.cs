using BenchmarkDotNet.Attributes;
using Warp.Node.Relay.Loops;
using Warp.Node.Relay.Native;
using Warp.Node.Relay.Trunks;

namespace Warp.Bench.Micro;

/// <summary>The tables that every frame and every event is looked up in, with one stream and beside many idle ones.</summary>
public class Streams
{
    private readonly NumberTable<object> _streams = new();
    private readonly SlotTable _slots = new();
    private readonly Idler _target = new();
    private readonly object _stream = new();
    private ulong _slot;
    private uint _next = 1;

    /// <summary>How many streams do nothing.</summary>
    [Params(0, 50_000)]
    public int Idle { get; set; }

    /// <summary>Adds the idle ones, and one.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        for (var i = 0; i < Idle; i++)
        {
            Open();
            _ = _slots.Add(new Idler());
        }

        Open();
        _slot = _slots.Add(_target);
    }

    /// <summary>A frame finds its stream.</summary>
    [Benchmark]
    public object? FrameToStream() => _streams.Find(_next - 2);

    /// <summary>An event finds its target.</summary>
    [Benchmark]
    public object? EventToTarget() => _slots.Find(_slot);

    /// <summary>A stream comes and goes.</summary>
    [Benchmark]
    public bool OpenAndClose()
    {
        Open();
        return _streams.Remove(_next - 2);
    }

    private void Open()
    {
        _streams.Add(_next, _stream);
        _next += 2;
    }

    private sealed class Idler : PollTarget
    {
        internal override void OnReady(ReadyEvents events)
        {
        }

        internal override void OnFault(Exception fault)
        {
        }
    }
}
