using Warp.Node.Configuration;

namespace Warp.Node.Images.Context;

/// <summary>Reads one file of a context, exactly as many bytes as its entry says: the archive's header is written before the content. What was appended since is left out.</summary>
internal sealed class ContextFile : Stream
{
    private readonly ContextEntry _entry;
    private readonly ByteCount _count;
    private readonly FileStream _file;
    private long _position;

    /// <exception cref="OperatorException">It cannot be opened.</exception>
    public ContextFile(ContextEntry entry, ByteCount count)
    {
        (_entry, _count) = (entry, count);
        try
        {
            _file = new FileStream(entry.Source, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 });
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new OperatorException(
                ExitCode.Failed, $"{entry.Source} vanished while the build context was sent. Leave out what changes by itself in {IgnoreRules.FileName}, or try again.", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(failure);
        }
    }

    public override bool CanRead => true;

    // The archive's writer takes the length from a stream that can seek; it does not move it.
    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => _entry.Size;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Took(await ReadFileAsync(buffer[..(int)Math.Min(buffer.Length, Length - _position)], cancellationToken).ConfigureAwait(false), buffer.Length);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override async ValueTask DisposeAsync()
    {
        await _file.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _file.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadFileAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return buffer.IsEmpty ? 0 : await _file.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(failure);
        }
    }

    private int Took(int read, int asked)
    {
        if (read == 0 && asked > 0 && _position < Length)
        {
            throw new OperatorException(
                ExitCode.Failed, $"{_entry.Source} became shorter while the build context was sent. Leave out what changes by itself in {IgnoreRules.FileName}, or try again.");
        }

        _position += read;
        _count.Add(read);
        return read;
    }

    private OperatorException Unreadable(Exception failure) => new(
        ExitCode.Failed, $"{_entry.Source} of the build context cannot be read: {failure.Message} Make it readable, or leave it out in {IgnoreRules.FileName}.", failure);
}

/// <summary>Adds up what was read of a context, and tells it.</summary>
internal sealed class ByteCount(IProgress<long>? progress)
{
    private long _total;

    public void Add(int bytes)
    {
        _total += bytes;
        if (bytes > 0)
        {
            progress?.Report(_total);
        }
    }
}
