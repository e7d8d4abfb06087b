using System.Collections.Immutable;
using System.Text;
using Warp.Cluster.Containers;

namespace Warp.Node.Runners;

/// <summary>Runs a program inside a container and judges by its exit code; the last line that it wrote says why.</summary>
internal sealed class CommandProbe(IContainerExec exec)
{
    private const int KeptBytes = 4096;
    private const int ShownCharacters = 200;

    // The engine closes the output a moment before it knows the exit code.
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(20);

    public async Task<ProbeResult> RunAsync(string containerId, ImmutableArray<string> command, CancellationToken cancellationToken)
    {
        var opened = await exec.OpenAsync(containerId, new ExecRequest(command, Tty: false, Input: false), cancellationToken);
        if (opened.Failure is { } failure)
        {
            return new ProbeResult(false, failure.Message);
        }

        await using var session = opened.Value!;
        var last = await LastLineAsync(session, cancellationToken);
        int? code;
        while ((code = await session.ExitCodeAsync(cancellationToken)) is null)
        {
            await Task.Delay(s_poll, cancellationToken);
        }

        var seen = $"'{string.Join(' ', command)}' ended with exit code {code}";
        return new ProbeResult(code == 0, last.Length == 0 ? seen : $"{seen}: {last}");
    }

    private static async Task<string> LastLineAsync(IExecSession session, CancellationToken cancellationToken)
    {
        var tail = new byte[KeptBytes];
        var kept = 0;
        var buffer = new byte[KeptBytes / 2];
        while (await session.ReadAsync(buffer, cancellationToken) is { Count: > 0 } piece)
        {
            var over = Math.Max(0, kept + piece.Count - tail.Length);
            tail.AsSpan(over, kept - over).CopyTo(tail);
            buffer.AsSpan(0, piece.Count).CopyTo(tail.AsSpan(kept - over));
            kept += piece.Count - over;
        }

        var line = Encoding.UTF8.GetString(tail, 0, kept).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).LastOrDefault(string.Empty);
        return line.Length > ShownCharacters ? $"{line[..ShownCharacters]}..." : line;
    }
}
