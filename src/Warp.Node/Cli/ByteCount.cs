using System.Globalization;

namespace Warp.Node.Cli;

/// <summary>A number of bytes for a person: three to five digits and a unit.</summary>
internal static class ByteCount
{
    public static string Text(long count) => count switch
    {
        < 10_000 => string.Create(CultureInfo.InvariantCulture, $"{count} B"),
        < 10_000_000 => string.Create(CultureInfo.InvariantCulture, $"{count / 1e3:0} kB"),
        < 10_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{count / 1e6:0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{count / 1e9:0} GB"),
    };
}
