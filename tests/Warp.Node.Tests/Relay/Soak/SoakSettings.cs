using System.Globalization;
using Xunit;

namespace Warp.Node.Tests.Relay.Soak;

/// <summary>How long the soaks run and from which seed, by the environment.</summary>
internal static class SoakSettings
{
    private const int LongSeconds = 120;

    /// <summary>How long the load of each soak goes on: WARP_SOAK_SECONDS, or a short time.</summary>
    internal static TimeSpan Duration { get; } = TimeSpan.FromSeconds(Read("WARP_SOAK_SECONDS") ?? 15);

    /// <summary>Load before the first measuring: buffers reach their size and the hot code is compiled.</summary>
    internal static TimeSpan WarmUp { get; } = TimeSpan.FromSeconds(Math.Max(3, Duration.TotalSeconds / 10));

    /// <summary>Whether it runs long enough to say that the process no longer grows.</summary>
    internal static bool IsLong => Duration.TotalSeconds >= LongSeconds;

    /// <summary>WARP_SOAK_SEED, to repeat what failed, or another one each time.</summary>
    internal static int Seed { get; } = Read("WARP_SOAK_SEED") ?? Random.Shared.Next();

    private static int? Read(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}

/// <summary>Runs when no other test does, because it counts the descriptors and the memory of the process.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SoakGroup
{
    internal const string Name = "soak";
}
