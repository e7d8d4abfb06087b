namespace Warp.Bench.Compare;

/// <summary>Every figure of the bench.</summary>
internal static class Figures
{
    internal static readonly FigureGroup Bulk = new("bulk", "Bulk",
    [
        new("mb_per_s", "MB/s (10^6) at the receiver, after the first 15 % of the run", MoreIsBetter: true),
        new("cpu_s_per_gb", "CPU seconds of the tunnel's processes for each GB", MoreIsBetter: false),
    ]);

    internal static readonly FigureGroup RoundTrips = new("rtt", "Round trips of 64 bytes",
    [
        new("p50_us", "p50, µs", MoreIsBetter: false),
        new("p99_us", "p99, µs", MoreIsBetter: false),
        new("per_s", "Round trips a second", MoreIsBetter: true),
        new("cpu_us_per_operation", "CPU µs of the tunnel's processes for each round trip", MoreIsBetter: false),
        new("beside_mb_per_s", "MB/s of the stream beside it", MoreIsBetter: true, IsCompared: false),
    ]);

    internal static readonly FigureGroup Connects = new("conn", "Connections: connect, 64 bytes there and back, close",
    [
        new("per_s", "Connections a second", MoreIsBetter: true),
        new("p50_us", "p50 from connect to the first byte, µs", MoreIsBetter: false),
        new("p99_us", "p99 from connect to the first byte, µs", MoreIsBetter: false),
        new("cpu_us_per_operation", "CPU µs of the tunnel's processes for each connection", MoreIsBetter: false),
    ]);

    internal static readonly FigureGroup Idle = new("idle", "Idle connections",
    [
        new("kb_per_connection", "Growth of the memory (PSS) of the tunnel's processes at both ends for each open connection, kB", MoreIsBetter: false),
        new("opened", "Connections open", MoreIsBetter: true, IsCompared: false),
        new("alive", "Of these, carrying a byte there and back at the end", MoreIsBetter: true, IsCompared: false),
    ]);

    internal static IReadOnlyList<FigureGroup> Groups { get; } = [Bulk, RoundTrips, Connects, Idle];

    internal static IReadOnlyList<Figure> List { get; } =
    [
        new(Bulk, "bulk_up_1", "1 stream, client to server", "up 1 S"),
        new(Bulk, "bulk_down_1", "1 stream, server to client", "down 1 S"),
        new(Bulk, "bulk_up_8", "8 streams, client to server", "up 8 S"),
        new(Bulk, "bulk_down_8", "8 streams, server to client", "down 8 S"),
        new(RoundTrips, "rtt_1", "1 connection", "rtt 1 64 S"),
        new(RoundTrips, "rtt_16", "16 connections", "rtt 16 64 S"),
        new(RoundTrips, "rtt_256", "256 connections", "rtt 256 64 S"),
        new(RoundTrips, "rtt_paced", "1 connection beside a stream that is read at 50 MB/s, its sender always ahead", "rtt 1 64 S", Beside: "down 1 S 50"),
        new(Connects, "conn_1", "1 at a time", "connect 1 64 S"),
        new(Connects, "conn_16", "16 at a time", "connect 16 64 S"),
        new(Connects, "conn_64", "64 at a time", "connect 64 64 S"),
        new(Idle, IdleMeasurement.Figure, "connections that have carried a byte each way and then do nothing", "idle N"),
    ];
}
