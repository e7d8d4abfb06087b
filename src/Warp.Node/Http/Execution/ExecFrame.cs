namespace Warp.Node.Http.Execution;

/// <summary>
/// The messages of an execution, all binary: one byte that says what it is, then the content. The client sends <see cref="Input"/> and <see cref="Resize"/>, the server
/// <see cref="Output"/>, <see cref="Error"/> and, at the end, <see cref="Exit"/>; numbers are in network byte order. A message of a kind that is not known is ignored.
/// </summary>
internal static class ExecFrame
{
    /// <summary>Bytes for standard input; without content: the end of the input.</summary>
    public const byte Input = 0;

    /// <summary>Bytes of standard output, and of standard error when there is a terminal.</summary>
    public const byte Output = 1;

    /// <summary>Bytes of standard error.</summary>
    public const byte Error = 2;

    /// <summary>The program has ended: its exit code, 4 bytes. The last message before the server closes.</summary>
    public const byte Exit = 3;

    /// <summary>The client's terminal has another size: columns, 2 bytes, and rows, 2 bytes, each from 1.</summary>
    public const byte Resize = 4;

    /// <summary>The largest content that is sent in one message.</summary>
    public const int MaxContent = 16 * 1024;
}
