namespace Warp.Node.Cli.Execution;

/// <summary>The terminal of this process without any processing of its own, so that the program at the other end does it; as before once disposed, or when the process ends.</summary>
internal sealed class RawTerminal : IDisposable
{
    private const int StandardInput = 0;
    private const int Now = 0;
    private readonly byte[] _before;

    private RawTerminal(byte[] before)
    {
        _before = before;
        AppDomain.CurrentDomain.ProcessExit += Restore;
    }

    /// <summary>Makes it so; null when standard input is no terminal.</summary>
    public static RawTerminal? Open()
    {
        var settings = new byte[Libc.SettingsBytes];
        if (Libc.ReadSettings(StandardInput, settings) != 0)
        {
            return null;
        }

        var before = settings.ToArray();
        Libc.MakeRaw(settings);
        return Libc.ApplySettings(StandardInput, Now, settings) == 0 ? new RawTerminal(before) : null;
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= Restore;
        Restore(this, EventArgs.Empty);
    }

    private void Restore(object? sender, EventArgs args) => _ = Libc.ApplySettings(StandardInput, Now, _before);
}
