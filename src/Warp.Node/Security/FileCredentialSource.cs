using Warp.Cluster.Identity;
using Warp.Cluster.Membership;
using Warp.Cluster.Protocol;
using Warp.Node.Configuration;

namespace Warp.Node.Security;

/// <summary>
/// The node's credentials from its data folder: its own certificate, and the short-lived one of its tunnels beside it. What is renewed is written to the disk first and is in force at the
/// next handshake.
/// </summary>
public sealed class FileCredentialSource : ICredentialSource
{
    private readonly DataFolder _data;
    private readonly NodeDescription _node;
    private readonly TimeSpan _tolerance;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private volatile Held _held;
    private RemovedRunners _removed;
    private volatile AuthoritySet? _authorities;
    private bool _unsaved;

    /// <summary>Reads and checks the files.</summary>
    /// <param name="data">Where they are.</param>
    /// <param name="node">Whom they should speak for.</param>
    /// <param name="tolerance">By how much the clocks of peers may differ; null: as much as is usual.</param>
    /// <param name="clock">The time; null: the system's.</param>
    /// <exception cref="OperatorException">They are missing, open to others, do not fit together, have expired, or speak for somebody else.</exception>
    public FileCredentialSource(DataFolder data, NodeDescription node, TimeSpan? tolerance = null, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(node);
        (_data, _node) = (data, node);
        (_tolerance, _clock) = (tolerance ?? CertificateTimes.ClockTolerance, clock ?? TimeProvider.System);
        var trust = ClusterTrustFile.Load(data);
        (_removed, _authorities) = (RemovedRunners.None.With(trust.Removals), trust.Authorities);
        Tunnel = new TunnelSource(this);
        _held = Load();
    }

    /// <inheritdoc/>
    public NodeCredentials Current => _held.Node;

    /// <summary>What trunks use: the tunnel's certificate, and the node's own while there is none that is valid.</summary>
    public ICredentialSource Tunnel { get; }

    /// <summary>The tunnel's certificate, whether valid or not; null when there is none.</summary>
    internal NodeCredentials? TunnelOnly => _held.Tunnel;

    /// <summary>Reads the files again; on a failure the old credentials stay in force.</summary>
    /// <exception cref="OperatorException">As at the start.</exception>
    public void Reload()
    {
        lock (_gate)
        {
            _held = Load();
        }
    }

    /// <summary>Keeps the next certificate of the node and uses it. Its key stays, so that one file is replaced in one step.</summary>
    /// <exception cref="OperatorException">Peers would not take it, or it cannot be written; the one before stays in force.</exception>
    internal void TakeNode(string certificatePem)
    {
        lock (_gate)
        {
            var next = Read(certificatePem, Current.KeyPem, _data.NodeCertificate);
            CredentialsReader.Check(next, _data.NodeCertificate);
            SecretFile.Write(_data.NodeCertificate, certificatePem);
            _held = _held with { Node = next };
        }
    }

    /// <summary>Keeps the next certificate of the tunnels and uses it.</summary>
    /// <exception cref="OperatorException">Peers would not take it, or it cannot be written; the one before stays in force.</exception>
    internal void TakeTunnel(string certificatePem, string keyPem)
    {
        lock (_gate)
        {
            var next = Read(certificatePem, keyPem, _data.TunnelCertificate);
            CredentialsReader.Check(next, _data.TunnelCertificate, WarpIdentityKind.Tunnel);
            SecretFile.Write(_data.TunnelCertificate, certificatePem.TrimEnd() + "\n" + keyPem);
            _held = _held with { Tunnel = next };
        }
    }

    /// <summary>The id of the CA that signs now; null while there has been only one.</summary>
    internal string? Signing => _authorities?.Signing;

    /// <summary>What remoting shows: it reads the certificate once, when an actor system starts. Null while none runs.</summary>
    internal NodeCredentials? Remoting { get; set; }

    /// <summary>Takes over what a control node says: in force at once, then on the disk.</summary>
    /// <returns>Whether it was news.</returns>
    /// <exception cref="OperatorException">It cannot be read or written; what can be is in force.</exception>
    internal bool Take(ClusterTrust trust)
    {
        lock (_gate)
        {
            var removed = _removed.With(trust.Removals);
            var authorities = trust.Authorities is { } told && told.Generation > (_authorities?.Generation ?? 0) ? told : _authorities;
            var news = !ReferenceEquals(removed, _removed) || !ReferenceEquals(authorities, _authorities);
            if (news)
            {
                var trusted = ReferenceEquals(authorities, _authorities) ? Current.Authorities : CredentialsReader.Authorities(authorities!.Certificates);
                (_removed, _authorities, _unsaved) = (removed, authorities, true);
                _held = new Held(With(_held.Node), _held.Tunnel is { } tunnel ? With(tunnel) : null);
                NodeCredentials With(NodeCredentials held) => held with { Removed = removed, Authorities = trusted };
            }

            // What could not be written is written when it is told again.
            if (_unsaved)
            {
                if (authorities is not null)
                {
                    SecretFile.Write(_data.Authorities, string.Concat(authorities.Certificates.Select(pem => pem.TrimEnd() + "\n")));
                }

                ClusterTrustFile.Save(_data, new ClusterTrust(removed.All, authorities));
                _unsaved = false;
            }

            return news;
        }
    }

    private Held Load()
    {
        var node = Read(SecretFile.Read(_data.NodeCertificate), SecretFile.Read(_data.NodeKey), _data.Root);
        CredentialsReader.Check(node, _data.Root);
        return new Held(node, LoadTunnel());
    }

    // Nothing is lost with a file that is damaged or too old: another certificate is asked for.
    private NodeCredentials? LoadTunnel()
    {
        if (!File.Exists(_data.TunnelCertificate))
        {
            return null;
        }

        try
        {
            var pem = SecretFile.Read(_data.TunnelCertificate);
            var tunnel = Read(pem, pem, _data.TunnelCertificate);
            CredentialsReader.Check(tunnel, _data.TunnelCertificate, WarpIdentityKind.Tunnel);
            return tunnel;
        }
        catch (OperatorException)
        {
            return null;
        }
    }

    private NodeCredentials Read(string certificatePem, string keyPem, string origin) =>
        CredentialsReader.Read(_node.Cluster, _node.Runner, certificatePem, keyPem, SecretFile.Read(_data.Authorities), origin) with
        {
            ClockTolerance = _tolerance,
            Clock = _clock,
            Removed = _removed,
        };

    private sealed record Held(NodeCredentials Node, NodeCredentials? Tunnel);

    private sealed class TunnelSource(FileCredentialSource files) : ICredentialSource
    {
        public NodeCredentials Current =>
            files._held is { Tunnel: { } tunnel } && files._clock.GetUtcNow() < CertificateTimes.EndOf(tunnel.Certificate) ? tunnel : files.Current;
    }
}
