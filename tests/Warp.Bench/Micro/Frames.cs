using BenchmarkDotNet.Attributes;
using Warp.Bench.Scale.Traffic;
using Warp.Node.Relay.Frames;
using Warp.Node.Relay.Native;
using Warp.Node.Relay.Streams;
using Warp.Node.Routing;

namespace Warp.Bench.Micro;

/// <summary>The frame codec: what each DATA frame and each new stream costs besides its bytes.</summary>
public class Frames : IDisposable
{
    private const int FramesInBatch = 256;
    private const int MaxData = 64 * 1024;
    private const int Payload = 64;
    private readonly OpenRequest _request = ScaleRoutes.Request(17, 8080);
    private readonly NativeBuffer _batch = new(FramesInBatch * (FrameHeader.Size + Payload));
    private readonly byte[] _open = new byte[OpenFrame.MaxSize];
    private readonly ExitPathCache _paths = new();
    private int _openLength;

    /// <summary>Makes what is read.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        WriteData();
        _openLength = OpenFrame.Write(_request, _open);
    }

    /// <summary>DATA frames of 64 bytes into a batch.</summary>
    [Benchmark(OperationsPerInvoke = FramesInBatch)]
    public void WriteData()
    {
        _batch.Taken(_batch.Length);
        for (uint i = 0; i < FramesInBatch; i++)
        {
            _batch.AddHeader(FrameType.Data, Payload, 1 + (2 * i));
            _batch.Added(Payload);
        }
    }

    /// <summary>The same frames out of it.</summary>
    [Benchmark(OperationsPerInvoke = FramesInBatch)]
    public int ReadData()
    {
        var bytes = _batch.Bytes;
        var count = 0;
        while (FrameReader.Read(bytes, MaxData, out _, out var payload) == FrameRead.Frame)
        {
            bytes = bytes[(FrameHeader.Size + payload.Length)..];
            count++;
        }

        return count;
    }

    /// <summary>An OPEN frame's payload written.</summary>
    [Benchmark]
    public int WriteOpen() => OpenFrame.Write(_request, _open);

    /// <summary>An OPEN frame's payload read for the first time: every rule of the names is checked.</summary>
    [Benchmark]
    public bool ReadOpen() => OpenFrame.TryRead(_open.AsSpan(0, _openLength), out _);

    /// <summary>An OPEN frame's payload that was read before.</summary>
    [Benchmark]
    public bool ReadKnownOpen() => _paths.TryRead(_open.AsSpan(0, _openLength), out _, out _);

    /// <inheritdoc/>
    public void Dispose()
    {
        _batch.Dispose();
        GC.SuppressFinalize(this);
    }
}
