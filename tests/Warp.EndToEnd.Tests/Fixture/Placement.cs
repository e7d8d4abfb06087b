namespace Warp.EndToEnd.Tests.Fixture;

/// <summary>Where the two services of a test are; everything must be the same in both.</summary>
public enum Placement
{
    /// <summary>Both on r1: the kernel's path.</summary>
    OneRunner,

    /// <summary>app on r1, db on r2: the tunnel's path.</summary>
    TwoRunners,
}
