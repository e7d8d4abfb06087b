using BenchmarkDotNet.Attributes;
using Warp.Bench.Scale.Traffic;
using Warp.Node.Relay.Tls;

namespace Warp.Bench.Micro;

/// <summary>The TLS seam: one batch encrypted at one end, handed over and decrypted at the other; larger ones than the relay's own go as several.</summary>
public class Tls : IDisposable
{
    private readonly byte[] _plaintext = new byte[256 * 1024];
    private readonly byte[] _target = new byte[TlsSizes.Batch + TlsSizes.Record];
    private readonly List<IDisposable> _owned = [];
    private TlsPair? _pair;

    /// <summary>Which library.</summary>
    public enum Library
    {
        /// <summary>libssl.so.3 called directly.</summary>
        OpenSsl,

        /// <summary>The framework's, driven in memory.</summary>
        SslStream,
    }

    /// <summary>Which library.</summary>
    [Params(Library.OpenSsl, Library.SslStream)]
    public Library By { get; set; }

    /// <summary>Plaintext bytes.</summary>
    [Params(64, 1024, 16 * 1024, 256 * 1024)]
    public int Bytes { get; set; }

    /// <summary>Makes a connection.</summary>
    [GlobalSetup]
    public void Connect()
    {
        Random.Shared.NextBytes(_plaintext);
        using var authority = new BenchAuthority();
        ITrunkTlsContext[] contexts = [.. new[] { ScaleRoutes.Entry, ScaleRoutes.Exit }.Select(runner => authority.Issue(runner))
            .Select(credentials => By == Library.OpenSsl ? (ITrunkTlsContext)new OpenSslContext(credentials) : new SslStreamContext(credentials))];
        _pair = new TlsPair(contexts[0], contexts[1]);
        _owned.AddRange([_pair, .. contexts]);
    }

    /// <summary>There and back.</summary>
    [Benchmark]
    public int EncryptAndDecrypt()
    {
        var total = 0;
        for (var at = 0; at < Bytes; at += TlsSizes.Batch)
        {
            _pair!.Encrypt(_plaintext.AsSpan(at, Math.Min(TlsSizes.Batch, Bytes - at)));
            total += _pair.Decrypt(_target);
        }

        return total == Bytes ? total : throw new InvalidOperationException($"{total} of {Bytes} bytes came");
    }

    /// <inheritdoc/>
    [GlobalCleanup]
    public void Dispose()
    {
        _owned.ForEach(o => o.Dispose());
        _owned.Clear();
        GC.SuppressFinalize(this);
    }
}
