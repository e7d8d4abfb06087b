namespace Warp.Node.Relay.Tls;

/// <summary>Sizes that both TLS libraries share, in bytes.</summary>
internal static class TlsSizes
{
    /// <summary>The plaintext of the largest record (RFC 8446, 5.1).</summary>
    internal const int Record = 16 * 1024;

    /// <summary>What is read from a trunk's socket at once: many records for one system call.</summary>
    internal const int Input = 256 * 1024;

    /// <summary>Plaintext that is encrypted and sent at once.</summary>
    internal const int Batch = 128 * 1024;

    /// <summary>A batch with every record's overhead, and room for alerts and handshakes.</summary>
    internal const int Output = Batch + (64 * 1024);
}
