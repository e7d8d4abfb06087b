using Warp.Node.Relay.Native;
using Warp.Node.Relay.Tls;

namespace Warp.Bench.Micro;

/// <summary>Both ends of one trunk's encryption in memory; what one writes is the other's input.</summary>
internal sealed class TlsPair : IDisposable
{
    private readonly ITrunkTls _dialler;
    private readonly ITrunkTls _acceptor;

    internal TlsPair(ITrunkTlsContext dialler, ITrunkTlsContext acceptor)
    {
        (_dialler, _acceptor) = (dialler.Create(dialler: true), acceptor.Create(dialler: false));
        var (near, far) = (TlsHandshake.NeedsInput, TlsHandshake.NeedsInput);
        while (near != TlsHandshake.Done || far != TlsHandshake.Done)
        {
            near = near == TlsHandshake.Done ? near : _dialler.Handshake();
            Move(_dialler.Output, _acceptor.Input);
            far = far == TlsHandshake.Done ? far : _acceptor.Handshake();
            Move(_acceptor.Output, _dialler.Input);
            if (near == TlsHandshake.Failed || far == TlsHandshake.Failed)
            {
                throw new InvalidOperationException(_dialler.Failure ?? _acceptor.Failure ?? "the handshake failed");
            }
        }
    }

    /// <summary>Encrypts a batch at one end.</summary>
    internal void Encrypt(ReadOnlySpan<byte> plaintext)
    {
        if (!_dialler.Encrypt(plaintext))
        {
            throw new InvalidOperationException(_dialler.Failure);
        }
    }

    /// <summary>Hands the ciphertext over and decrypts it at the other end.</summary>
    /// <returns>How many bytes came.</returns>
    internal int Decrypt(Span<byte> plaintext)
    {
        Move(_dialler.Output, _acceptor.Input);
        var total = 0;
        while (plaintext.Length - total >= TlsSizes.Record && _acceptor.Decrypt(plaintext[total..]) is > 0 and var count)
        {
            total += count;
        }

        return total;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _dialler.Dispose();
        _acceptor.Dispose();
    }

    private static void Move(NativeBuffer from, NativeBuffer to)
    {
        to.Compact();
        from.Bytes.CopyTo(to.Space);
        to.Added(from.Length);
        from.Taken(from.Length);
    }
}
