namespace Warp.Lab;

/// <summary>How a lab is made.</summary>
public sealed record LabOptions
{
    /// <summary>How many runners: r1, r2, and so on; r1 is the control node. 0 to 100.</summary>
    public int Runners { get; init; } = 2;

    /// <summary>The domain of the public URLs; nobody's name server knows it.</summary>
    public string BaseDomain { get; init; } = "lab.test";

    /// <summary>Further settings of every node, as environment variables such as <c>WARP__CERTIFICATES__TUNNEL_LIFE=12s</c>.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>Whether the nodes are set up and started, or only the engines.</summary>
    public bool StartNodes { get; init; } = true;

    /// <summary>Where all labs of the host have their folders; on a file system that overlay2 can use.</summary>
    public string Root { get; init; } = DefaultRoot;

    /// <summary>Where the logs go; null: into the lab's folder, which is removed with the lab.</summary>
    public string? LogFolder { get; init; }

    /// <summary>The node program's assembly.</summary>
    public string WarpAssembly { get; init; } = Path.Combine(AppContext.BaseDirectory, "warp.dll");

    /// <summary>Told what happens, in short lines; never null.</summary>
    public Action<string> Progress { get; init; } = static _ => { };

    /// <summary><c>WARP_LAB_ROOT</c>, or <c>/var/lib/warp-lab</c>.</summary>
    public static string DefaultRoot => Environment.GetEnvironmentVariable("WARP_LAB_ROOT") is { Length: > 0 } root ? root : "/var/lib/warp-lab";
}
