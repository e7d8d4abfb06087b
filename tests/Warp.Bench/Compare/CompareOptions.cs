using Warp.Bench.Peers;
using Warp.Bench.Relay;

namespace Warp.Bench.Compare;

/// <summary>What the bench is asked for.</summary>
internal sealed record CompareOptions
{
    internal const string Help = """
        warp-bench compare [--quick] [--peers a,b] [--figures bulk,rtt,conn,idle] [--rounds N] [--out FILE.json]
        warp-bench compare --report FILE.json      the tables of an earlier run
          --figures   groups, or single figures such as rtt_16
          --quick     one round of short runs: does everything work?
        """;

    internal required IReadOnlyList<TunnelPeer> Peers { get; init; }

    internal required IReadOnlyList<Figure> Figures { get; init; }

    internal required int Rounds { get; init; }

    /// <summary>How long a bulk run takes.</summary>
    internal required double BulkSeconds { get; init; }

    /// <summary>How long each other run takes.</summary>
    internal required double Seconds { get; init; }

    /// <summary>How many idle connections are opened.</summary>
    internal required int IdleConnections { get; init; }

    /// <summary>Where the results go as JSON; null for nowhere.</summary>
    internal string? Out { get; init; }

    internal double SecondsOf(Figure figure) => figure.Group == Compare.Figures.Bulk ? BulkSeconds : Seconds;

    /// <exception cref="BenchException">A name is not known.</exception>
    internal static CompareOptions From(Arguments given)
    {
        var quick = given.Has("quick");
        return new CompareOptions
        {
            Peers = Chosen(given, "peers", AllPeers.List, (peer, name) => string.Equals(peer.Name, name, StringComparison.Ordinal)),
            Figures = Chosen(given, "figures", Compare.Figures.List, (figure, name) => string.Equals(figure.Name, name, StringComparison.Ordinal) || string.Equals(figure.Group.Name, name, StringComparison.Ordinal)),
            Rounds = given.Number("rounds", quick ? 1 : 5),
            BulkSeconds = quick ? 0.5 : 3,
            Seconds = quick ? 0.5 : 2,
            IdleConnections = IdleMeasurement.Connections(quick),
            Out = given.Has("out") ? given.Required("out") : null,
        };
    }

    private static IReadOnlyList<T> Chosen<T>(Arguments given, string option, IReadOnlyList<T> all, Func<T, string, bool> isNamed)
    {
        if (!given.Has(option))
        {
            return all;
        }

        var names = given.Required(option).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return names.FirstOrDefault(name => !all.Any(item => isNamed(item, name))) is { } unknown
            ? throw new BenchException($"--{option}: '{unknown}' is not known")
            : [.. all.Where(item => names.Any(name => isNamed(item, name)))];
    }
}
