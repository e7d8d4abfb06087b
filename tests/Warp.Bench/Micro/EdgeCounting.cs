using System.Buffers;
using BenchmarkDotNet.Attributes;
using Warp.Cluster.Identity;
using Warp.Node.Metrics;
using Warp.Node.Relay.Edges;

namespace Warp.Bench.Micro;

/// <summary>What counting costs: a connection, a frame, and one reading of /metrics with as many edges as there may be by default.</summary>
public class EdgeCounting
{
    private const int Edges = 1000;
    private readonly EdgeTable _table = new(Edges, TimeSpan.FromHours(1), writers: 3);
    private readonly ArrayBufferWriter<byte> _text = new(4 * 1024 * 1024);
    private EdgeCell _cell = null!;

    /// <summary>Makes the edges.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        for (var i = 0; i < Edges; i++)
        {
            _cell = _table.Of(Name(i), i % 2);
            _cell.Connected(1_234_567);
            _cell.AddSent(int.MaxValue);
            _cell.AddReceived(int.MaxValue);
            _cell.Failed(EdgeFailure.Refused);
        }
    }

    /// <summary>A connection: finding its edge, its begin and its end.</summary>
    [Benchmark]
    public void Connection()
    {
        var cell = _table.Of(Name(17), 0);
        cell.Connected(100);
        cell.Over();
    }

    /// <summary>A frame.</summary>
    [Benchmark]
    public void Frame() => _cell.AddSent(1400);

    /// <summary>One reading of all edges as Prometheus' text; the number is its size in bytes.</summary>
    [Benchmark]
    public int Scrape()
    {
        _text.ResetWrittenCount();
        foreach (var family in EdgeMetrics.From(_table.Read()))
        {
            PrometheusText.Write(_text, family);
        }

        return _text.WrittenCount;
    }

    private static EdgeName Name(int number) => new(DeploymentName.Parse($"deployment-number-{number}"), ServiceName.Parse("recommendations"), ServiceName.Parse("recommendations-db"), 5432);
}
