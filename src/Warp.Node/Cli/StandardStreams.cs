using Microsoft.Win32.SafeHandles;

namespace Warp.Node.Cli;

/// <summary>The standard streams as bytes, for what is no text of ours.</summary>
/// <param name="In">Standard input.</param>
/// <param name="Out">Standard output.</param>
/// <param name="Error">Standard error.</param>
/// <param name="Terminal">Whether input and output are a terminal.</param>
internal sealed record StandardStreams(Stream In, Stream Out, Stream Error, bool Terminal)
{
    /// <summary>Those of this process. The input is read as it is: the framework's own stream would edit lines at a terminal.</summary>
    public static StandardStreams OfProcess() => new(
        new FileStream(new SafeFileHandle(0, ownsHandle: false), FileAccess.Read, bufferSize: 0),
        Console.OpenStandardOutput(),
        Console.OpenStandardError(),
        !Console.IsInputRedirected && !Console.IsOutputRedirected);

    /// <summary>No input, and text writers in place of the output.</summary>
    public static StandardStreams Of(TextWriter @out, TextWriter error) => new(Stream.Null, new TextWriterStream(@out), new TextWriterStream(error), Terminal: false);
}
