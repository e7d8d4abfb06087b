namespace Warp.Bench.Scale.Control;

/// <summary>A subscription to what never happens.</summary>
internal sealed class Silence : IDisposable
{
    private Silence()
    {
    }

    /// <summary>The one there is.</summary>
    internal static Silence Instance { get; } = new();

    public void Dispose()
    {
        // Nobody was told anything.
    }
}
