using System.Globalization;

namespace Warp.Node.Cli.Logs;

/// <summary>Which part of a service's output is wanted.</summary>
/// <param name="Service">Whose.</param>
/// <param name="Replica">Of which instance, from 0.</param>
/// <param name="Since">Only from this time on; null: from the beginning.</param>
/// <param name="Tail">Only so many of the last lines; null: all.</param>
/// <param name="Json">Whether each line is printed as a JSON document.</param>
internal sealed record LogWish(ServiceTarget Service, int Replica, DateTimeOffset? Since, int? Tail, bool Json)
{
    /// <summary>The query of the request.</summary>
    public string Query(bool follow)
    {
        var since = Since is { } time ? $"&since={Uri.EscapeDataString(time.ToString("O", CultureInfo.InvariantCulture))}" : "";
        var tail = Tail is { } lines ? string.Create(CultureInfo.InvariantCulture, $"&tail={lines}") : "";
        return string.Create(CultureInfo.InvariantCulture, $"?follow={(follow ? "true" : "false")}&ordinal={Replica}{since}{tail}");
    }
}
