using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;
using Warp.Cluster.Identity;
using Warp.Cluster.Membership;

namespace Warp.Node.Security;

/// <summary>What this node proves itself with and what it trusts; an immutable snapshot.</summary>
/// <param name="Cluster">The cluster's id.</param>
/// <param name="Runner">This runner.</param>
/// <param name="Certificate">The node's certificate with its private key.</param>
/// <param name="CertificatePem">The same certificate as PEM, for TLS libraries outside the framework.</param>
/// <param name="KeyPem">Its private key as PKCS#8 PEM; secret.</param>
/// <param name="Authorities">The CAs of the cluster, at least one; several while one replaces another.</param>
public sealed record NodeCredentials(
    string Cluster,
    RunnerId Runner,
    X509Certificate2 Certificate,
    string CertificatePem,
    string KeyPem,
    ImmutableArray<X509Certificate2> Authorities)
{
    /// <summary>By how much a peer's clock may differ from ours without its certificate being taken for too new or too old.</summary>
    public TimeSpan ClockTolerance { get; init; } = CertificateTimes.ClockTolerance;

    /// <summary>Runners that are refused although the CA has signed for them.</summary>
    public RemovedRunners Removed { get; init; } = RemovedRunners.None;

    /// <summary>The time by which certificates are judged.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Names the holder only: a record's own text would print the key.</summary>
    public override string ToString() => $"credentials of {Runner} in {Cluster}";
}

/// <summary>Where the credentials in force are found; each handshake asks anew, so that a renewal needs no restart.</summary>
public interface ICredentialSource
{
    /// <summary>The credentials in force.</summary>
    NodeCredentials Current { get; }
}
