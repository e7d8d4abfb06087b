using System.Runtime.InteropServices;

namespace Warp.Node.Cli.Execution;

/// <summary>The C library's calls for terminals (termios(3)). The settings are opaque here: larger than any platform's <c>struct termios</c>.</summary>
internal static partial class Libc
{
    /// <summary>Bytes that hold the settings of a terminal.</summary>
    public const int SettingsBytes = 256;

    /// <summary>-1 with errno on failure, such as ENOTTY.</summary>
    [LibraryImport("libc", EntryPoint = "tcgetattr", SetLastError = true)]
    internal static partial int ReadSettings(int descriptor, Span<byte> settings);

    /// <summary>At once when <paramref name="when"/> is 0 (TCSANOW); -1 with errno on failure.</summary>
    [LibraryImport("libc", EntryPoint = "tcsetattr", SetLastError = true)]
    internal static partial int ApplySettings(int descriptor, int when, ReadOnlySpan<byte> settings);

    /// <summary>Changes settings to those of a terminal that hands on every byte as it is typed.</summary>
    [LibraryImport("libc", EntryPoint = "cfmakeraw")]
    internal static partial void MakeRaw(Span<byte> settings);
}
