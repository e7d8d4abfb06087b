namespace Warp.Node.Images.Transfer;

/// <summary>An archive that comes from another runner: counts, tells about it from time to time, and fails when nothing comes for long.</summary>
/// <param name="source">What comes.</param>
/// <param name="tell">Called with the bytes so far, at most once a second.</param>
internal sealed class ArchiveStream(Stream source, Action<long> tell) : UnseekableStream
{
    // The other engine writes the whole image to its own disk before the first byte leaves.
    private static readonly TimeSpan Stall = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(1);
    private long _told;

    /// <summary>What came so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether reading failed.</summary>
    public bool Failed { get; private set; }

    public override bool CanRead => true;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Stall);
        try
        {
            var read = await source.ReadAsync(buffer, limit.Token).ConfigureAwait(false);
            Count(read);
            return read;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested && failure is IOException or HttpRequestException or OperationCanceledException)
        {
            Failed = true;
            throw failure is OperationCanceledException ? new IOException($"nothing came for {Stall.TotalMinutes:0} minutes", failure) : failure;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            source.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Count(int read)
    {
        Bytes += read;
        var now = Environment.TickCount64;
        if (read > 0 && now - _told >= TellEvery.TotalMilliseconds)
        {
            _told = now;
            tell(Bytes);
        }
    }
}
