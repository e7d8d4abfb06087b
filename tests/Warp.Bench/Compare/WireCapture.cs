using System.Diagnostics;
using System.Text;

namespace Warp.Bench.Compare;

/// <summary>Reads along on the wire between the two hosts and looks for a text.</summary>
internal sealed class WireCapture : IAsyncDisposable
{
    private const int BlockLength = 256 * 1024;
    private static readonly TimeSpan StillOnItsWay = TimeSpan.FromMilliseconds(300);
    private readonly Process _process;
    private readonly Task<bool> _search;

    private WireCapture(Process process, string text)
    {
        _process = process;
        _search = SearchAsync(process.StandardOutput.BaseStream, Encoding.ASCII.GetBytes(text));
    }

    /// <summary>Begins; everything that passes from now on is seen.</summary>
    internal static async Task<WireCapture> StartAsync(BenchHost host, string text, CancellationToken cancellationToken)
    {
        var capture = new WireCapture(
            BenchProcess.Launch(host.Enter("tcpdump", "-i", host.Device, "-Z", "root", "-B", "65536", "--immediate-mode", "-U", "-w", "-")), text);
        try
        {
            while (await capture._process.StandardError.ReadLineAsync(cancellationToken) is { } line)
            {
                if (line.Contains("listening on", StringComparison.Ordinal))
                {
                    return capture;
                }
            }

            throw new BenchException("tcpdump does not start");
        }
        catch
        {
            await capture.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends it and says whether the text passed in clear.</summary>
    internal async Task<bool> EndAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(StillOnItsWay, cancellationToken);
        Stop();
        return await _search.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Stop();
        await _process.WaitForExitAsync();
        await _search;
        _process.Dispose();
    }

    private void Stop()
    {
        foreach (var pid in ProcessTable.Read().Tree([_process.Id]).Where(pid => pid != _process.Id))
        {
            ProcessTable.Terminate(pid);
        }
    }

    // The end of one block stands again before the next, so that a text across both is found.
    private static async Task<bool> SearchAsync(Stream stream, byte[] text)
    {
        var (buffer, kept, found) = (new byte[BlockLength + text.Length], 0, false);
        while (await stream.ReadAsync(buffer.AsMemory(kept, BlockLength)) is var count and > 0)
        {
            var filled = kept + count;
            found |= buffer.AsSpan(0, filled).IndexOf(text) >= 0;
            kept = Math.Min(filled, text.Length - 1);
            buffer.AsSpan(filled - kept, kept).CopyTo(buffer);
        }

        return found;
    }
}
