using Warp.EndToEnd.Tests.Fixture;
using Warp.Lab;
using Warp.Lab.Nodes;

namespace Warp.EndToEnd.Tests.Upgrades;

/// <summary>
/// Two runners that begin with an earlier program: the one that <c>WARP_EARLIER_PROGRAM</c> names (its <c>warp.dll</c>; <c>./soak.sh</c> builds it from an earlier commit), else today's code
/// under an earlier version number.
/// </summary>
public sealed class EarlierProgram : LabFixture
{
    private readonly string _folder = Directory.CreateTempSubdirectory("warp-earlier-").FullName;
    private string? _program;

    /// <summary>Today's.</summary>
    public string Today { get; } = new LabOptions().WarpAssembly;

    /// <summary>Whether the earlier program knows how to leave; if not, its end is like a crash for what is open across.</summary>
    public bool LeavesWell => File.ReadAllText(Path.Combine(Path.GetDirectoryName(Program)!, "hocon", "warp.conf")).Contains("restart-wait", StringComparison.Ordinal);

    /// <inheritdoc/>
    protected override string Program => _program ??= Environment.GetEnvironmentVariable("WARP_EARLIER_PROGRAM") is { Length: > 0 } earlier ? earlier : ProgramCopy.Make(Today, _folder, "0.0.9");

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Settings => LeavesWell ? ["WARP__RELAY__DRAIN_DEADLINE=8s", "WARP__RELAY__RESTART_WAIT=60s"] : [];

    /// <inheritdoc/>
    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
