namespace Warp.Node.Cli.Configuration.Scripts;

/// <summary>What the code of a configuration file may take.</summary>
internal sealed record ScriptLimits
{
    public static ScriptLimits Default { get; } = new();

    /// <summary>For the file as a whole, until its value is known.</summary>
    public TimeSpan Load { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>For one call of a function or regular expression of the file.</summary>
    public TimeSpan Call { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>For all calls together.</summary>
    public TimeSpan AllCalls { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>For one match of a regular expression.</summary>
    public TimeSpan Match { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Bytes that one run may allocate, whether it keeps them or not.</summary>
    public long Memory { get; init; } = 64 * 1024 * 1024;

    /// <summary>Functions called within functions.</summary>
    public int Depth { get; init; } = 200;

    /// <summary>Statements of one run: ends a loop at the same point on a fast and on a slow machine.</summary>
    public int Statements { get; init; } = 20_000_000;

    /// <summary>Elements of one array.</summary>
    public uint ArrayLength { get; init; } = 1_000_000;

    /// <summary>Bytes of the file.</summary>
    public long FileSize { get; init; } = 4 * 1024 * 1024;

    /// <summary>By how much the process may grow while one operation of the engine, which cannot be interrupted, is under way.</summary>
    public long ProcessGrowth { get; init; } = 1024L * 1024 * 1024;

    /// <summary>How much longer than allowed such an operation may take until its thread is given up.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);
}
