using System.Buffers;
using System.Text;

namespace Warp.Node.Cli.Configuration;

/// <summary>The one question about text that comes from a program.</summary>
internal static class Unicode
{
    /// <summary>Whether every surrogate is one of a pair.</summary>
    public static bool IsWellFormed(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out _, out var taken) != OperationStatus.Done)
            {
                return false;
            }

            text = text[taken..];
        }

        return true;
    }
}
