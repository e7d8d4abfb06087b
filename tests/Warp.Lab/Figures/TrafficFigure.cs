namespace Warp.Lab.Figures;

/// <summary>One figure of a way.</summary>
/// <param name="Name">As the table calls it, with its unit.</param>
/// <param name="Metric">Its name among the results of the load.</param>
/// <param name="Load">The load, without the address and port that come after its name.</param>
internal sealed record TrafficFigure(string Name, string Metric, IReadOnlyList<string> Load)
{
    private const string MessageBytes = "64";

    /// <summary>Short connections a second: connect, one message there and back, close.</summary>
    /// <param name="atOnce">How many at once.</param>
    /// <param name="seconds">How long the load takes.</param>
    internal static TrafficFigure Connects(string atOnce, string seconds) => new($"connects/s, {atOnce} at once", "per_s", ["connect", atOnce, MessageBytes, seconds]);

    /// <summary>Messages of 64 bytes, each sent when the former has come back.</summary>
    /// <param name="connections">On how many connections.</param>
    /// <param name="metric">Such as <c>p50_us</c> or <c>per_s</c>.</param>
    /// <param name="name">As the table calls it.</param>
    /// <param name="seconds">How long the load takes.</param>
    internal static TrafficFigure RoundTrips(string connections, string metric, string name, string seconds) => new(name, metric, ["rtt", connections, MessageBytes, seconds]);
}
