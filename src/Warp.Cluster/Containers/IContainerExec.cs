using System.Collections.Immutable;

namespace Warp.Cluster.Containers;

/// <summary>Runs a program inside a container of this runner. For people and health checks; no byte of it passes through a mailbox.</summary>
public interface IContainerExec
{
    /// <summary>Starts the program.</summary>
    /// <param name="containerId">The engine's id.</param>
    /// <param name="request">What is run.</param>
    /// <param name="cancellationToken">Ends the start; a program that runs is left alone.</param>
    Task<RuntimeResult<IExecSession>> OpenAsync(string containerId, ExecRequest request, CancellationToken cancellationToken);
}

/// <summary>What is run.</summary>
/// <param name="Command">The program and its arguments; not empty.</param>
/// <param name="Tty">Whether it gets a terminal; then standard error comes as standard output.</param>
/// <param name="Input">Whether it gets standard input.</param>
public sealed record ExecRequest(ImmutableArray<string> Command, bool Tty, bool Input);

/// <summary>
/// A program that runs inside a container; one reader and one writer at a time. Its disposal closes input and output; the engine has no way to end the program itself.
/// A broken connection to the engine shows as <see cref="IOException"/>.
/// </summary>
public interface IExecSession : IAsyncDisposable
{
    /// <summary>The next bytes that the program wrote.</summary>
    Task<ExecOutput> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    /// <summary>Bytes for its standard input.</summary>
    Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Ends its standard input.</summary>
    void CloseInput();

    /// <summary>Its terminal has another size now; does nothing without one.</summary>
    /// <param name="columns">Characters in a line, 1 to 65535.</param>
    /// <param name="rows">Lines, 1 to 65535.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    Task ResizeAsync(int columns, int rows, CancellationToken cancellationToken);

    /// <summary>How it ended, once its output has ended; null when it still runs.</summary>
    Task<int?> ExitCodeAsync(CancellationToken cancellationToken);
}

/// <summary>A piece of output.</summary>
/// <param name="Count">Bytes that were read; 0 at the end of the output.</param>
/// <param name="Error">True for standard error.</param>
public readonly record struct ExecOutput(int Count, bool Error);
