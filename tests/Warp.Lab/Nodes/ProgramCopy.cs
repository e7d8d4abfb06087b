using System.Reflection;
using System.Text;

namespace Warp.Lab.Nodes;

/// <summary>The node's program in a folder of its own and with another version number, as an upgrade puts one there. It is the same code: building another would take longer than the test.</summary>
public static class ProgramCopy
{
    // What stands before the text of an attribute with one argument in the metadata (ECMA-335, II.23.3): the prolog, then the text's length.
    private static readonly byte[] Prolog = [1, 0];

    /// <summary>Makes it.</summary>
    /// <param name="assembly">The program's assembly, among all that it needs.</param>
    /// <param name="folder">Where to; it is made.</param>
    /// <param name="version">As long as the program's own.</param>
    /// <returns>The copy's assembly.</returns>
    public static string Make(string assembly, string folder, string version)
    {
        var from = Path.GetDirectoryName(assembly)!;
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }

        var target = Path.Combine(folder, Path.GetFileName(assembly));
        var own = AssemblyName.GetAssemblyName(assembly).Version!.ToString(3);
        if (version.Length != own.Length)
        {
            throw new ArgumentException($"'{version}' is not as long as '{own}'", nameof(version));
        }

        var bytes = File.ReadAllBytes(target);
        if (Replace(bytes, Encoding.UTF8.GetBytes(own), Encoding.UTF8.GetBytes(version)) == 0)
        {
            throw new LabException($"{assembly} does not say that it is version {own}");
        }

        File.WriteAllBytes(target, bytes);
        return target;
    }

    private static int Replace(Span<byte> bytes, ReadOnlySpan<byte> own, ReadOnlySpan<byte> version)
    {
        var count = 0;
        for (var at = 0; bytes[at..].IndexOf(own) is >= 0 and var next; at += next + own.Length)
        {
            var found = at + next;
            if (bytes[(found - Prolog.Length - 1)..].StartsWith(Prolog) && bytes[found - 1] >= own.Length)
            {
                version.CopyTo(bytes[found..]);
                count++;
            }
        }

        return count;
    }
}
