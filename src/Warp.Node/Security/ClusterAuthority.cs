using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Warp.Cluster.Identity;
using Warp.Node.Configuration;

namespace Warp.Node.Security;

/// <summary>The cluster's own certificate authority: ECDSA P-256, kept where the cluster was made.</summary>
public sealed class ClusterAuthority : IDisposable
{
    /// <summary>How long the authority itself is valid.</summary>
    public static readonly TimeSpan AuthorityLife = TimeSpan.FromDays(3650);

    /// <summary>How long a node's or administrator's certificate is valid.</summary>
    public static readonly TimeSpan CertificateLife = TimeSpan.FromDays(365);

    /// <summary>How long a certificate of the ingress is valid.</summary>
    public static readonly TimeSpan ServerCertificateLife = TimeSpan.FromDays(90);

    private const string Present = "ca";
    private const string Next = "next";
    private readonly X509Certificate2 _certificate;
    private readonly TimeProvider _time;

    private ClusterAuthority(X509Certificate2 certificate, TimeProvider time) => (_certificate, _time) = (certificate, time);

    /// <summary>The authority's id.</summary>
    internal string Id => AuthorityId.Of(_certificate);

    /// <summary>The authority's certificate as PEM; not secret.</summary>
    public string CertificatePem => _certificate.ExportCertificatePem();

    /// <summary>Makes a new authority, in memory.</summary>
    /// <param name="cluster">The cluster's id.</param>
    /// <param name="time">The clock.</param>
    /// <param name="successor">Whether it is to replace another: then its name says when it was made, because chains are built by names too.</param>
    public static ClusterAuthority Create(string cluster, TimeProvider time, bool successor = false)
    {
        ArgumentNullException.ThrowIfNull(time);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = time.GetUtcNow();
        var name = successor ? string.Create(CultureInfo.InvariantCulture, $"CN=Warp cluster {cluster} {now.UtcDateTime:yyyyMMddHHmmss}") : $"CN=Warp cluster {cluster}";
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return new ClusterAuthority(request.CreateSelfSigned(now - CertificateTimes.BackDating, now + AuthorityLife), time);
    }

    /// <summary>Whether a data folder holds an authority.</summary>
    public static bool IsIn(DataFolder data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return File.Exists(KeyFile(data, Present));
    }

    /// <summary>Reads the authority from its folder.</summary>
    /// <exception cref="OperatorException">It is not there, not readable, or its key is open to others.</exception>
    public static ClusterAuthority Load(DataFolder data, TimeProvider time) => Load(data, time, Present);

    /// <summary>Reads the successor that waits in the folder; null when there is none.</summary>
    /// <exception cref="OperatorException">It is not readable, or its key is open to others.</exception>
    internal static ClusterAuthority? LoadNext(DataFolder data, TimeProvider time) => File.Exists(KeyFile(data, Next)) ? Load(data, time, Next) : null;

    /// <summary>Writes it as the successor that waits.</summary>
    internal void SaveNext(DataFolder data) => Save(data, Next);

    /// <summary>Makes the successor that waits the one that signs; the former one's key is gone with that.</summary>
    /// <exception cref="OperatorException">The disk does not take it.</exception>
    internal static void Succeed(DataFolder data)
    {
        try
        {
            // The certificate last: it goes when both are in place, and a step that was cut short is done again.
            File.Copy(CertificateFile(data, Next), CertificateFile(data, Present), overwrite: true);
            File.Move(KeyFile(data, Next), KeyFile(data, Present), overwrite: true);
            File.Delete(CertificateFile(data, Next));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new OperatorException(ExitCode.System, $"The new CA in {data.AuthorityFolder} cannot be put in place: {failure.Message}", failure);
        }
    }

    private static ClusterAuthority Load(DataFolder data, TimeProvider time, string name)
    {
        if (!IsIn(data))
        {
            throw new OperatorException(
                ExitCode.NotConfigured, $"{data.Root} does not hold the cluster's CA. Run this on the machine where 'warp init' was run, or name its data folder with --data.");
        }

        try
        {
            return new ClusterAuthority(X509Certificate2.CreateFromPem(SecretFile.Read(CertificateFile(data, name)), SecretFile.Read(KeyFile(data, name))), time);
        }
        catch (CryptographicException failure)
        {
            throw new OperatorException(ExitCode.NotConfigured, $"The CA in {data.AuthorityFolder} cannot be read: {failure.Message}", failure);
        }
    }

    /// <summary>Writes certificate and key into the data folder.</summary>
    public void Save(DataFolder data) => Save(data, Present);

    private void Save(DataFolder data, string name)
    {
        ArgumentNullException.ThrowIfNull(data);
        Directory.CreateDirectory(data.AuthorityFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var key = _certificate.GetECDsaPrivateKey() ?? throw new InvalidOperationException("the authority has no key");
        SecretFile.Write(KeyFile(data, name), key.ExportPkcs8PrivateKeyPem());
        SecretFile.Write(CertificateFile(data, name), CertificatePem);
    }

    /// <summary>Issues a certificate for a runner; its address becomes a DNS or IP name beside the identity, for standard TLS clients.</summary>
    /// <param name="cluster">The cluster's id.</param>
    /// <param name="runner">The runner.</param>
    /// <param name="address">How it is reached.</param>
    /// <param name="enrolment">Higher than that of every earlier holder of the name; null takes the time, which is.</param>
    public IssuedCertificate IssueRunner(string cluster, RunnerId runner, string address, long? enrolment = null) =>
        Issue(new WarpIdentity(cluster, WarpIdentityKind.Runner, runner.Value), Enrolment.Subject(runner, enrolment ?? _time.GetUtcNow().ToUnixTimeSeconds()), address);

    /// <summary>Issues a certificate for a runner that keeps its key.</summary>
    /// <param name="node">Which.</param>
    /// <param name="enrolment">Higher than that of every earlier holder of the name.</param>
    /// <param name="key">Its key.</param>
    /// <returns>The certificate as PEM.</returns>
    internal string IssueRunner(NodeDescription node, long enrolment, PublicKey key)
    {
        var request = new CertificateRequest(Enrolment.Subject(node.Runner, enrolment), key, HashAlgorithmName.SHA256);
        var names = AlternativeNames(new WarpIdentity(node.Cluster, WarpIdentityKind.Runner, node.Runner.Value), node.Address);
        using var signed = Sign(request, names, CertificateLife, PeerIdentity.ServerAuthentication, PeerIdentity.ClientAuthentication);
        return signed.ExportCertificatePem();
    }

    /// <summary>Issues a certificate for an administrator.</summary>
    /// <param name="cluster">The cluster's id.</param>
    /// <param name="name">A name in the form of a runner's.</param>
    /// <param name="role">What it allows; null for everything.</param>
    /// <param name="life">How long it is valid; null for <see cref="CertificateLife"/>.</param>
    public IssuedCertificate IssueAdmin(string cluster, string name, AdminRole? role = null, TimeSpan? life = null) =>
        Issue(new WarpIdentity(cluster, WarpIdentityKind.Admin, name, role ?? AdminRole.Administer), new X500DistinguishedName($"CN={name}"), address: null, life);

    /// <summary>
    /// Issues a certificate for an HTTPS server of the ingress. It speaks for host names only: without a URI name and without the usage of clients no node of the cluster takes it for an identity.
    /// </summary>
    /// <param name="request">Whose key it is for, and the names.</param>
    /// <returns>The certificate as PEM.</returns>
    internal string IssueServer(SigningRequest request)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var name in request.Names)
        {
            names.AddDnsName(name);
        }

        // A common name has at most 64 characters (RFC 5280, upper bounds); who the server is, is in the names anyway.
        var certificate = new CertificateRequest(new X500DistinguishedName("CN=Warp ingress"), request.Key, HashAlgorithmName.SHA256);
        using var signed = Sign(certificate, names.Build(), ServerCertificateLife, PeerIdentity.ServerAuthentication);
        return signed.ExportCertificatePem();
    }

    /// <summary>Issues the next certificate of a runner: the same names, the same enrolment.</summary>
    /// <param name="present">The one that it has.</param>
    /// <param name="key">Its key.</param>
    /// <returns>The certificate as PEM.</returns>
    internal string RenewRunner(X509Certificate2 present, PublicKey key) =>
        SignFor(present, key, present.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single(), CertificateLife);

    /// <summary>Issues a certificate for a runner's end of tunnels.</summary>
    /// <param name="tunnel">Who.</param>
    /// <param name="present">The runner's own certificate.</param>
    /// <param name="key">The tunnel's key.</param>
    /// <param name="life">How long it is valid.</param>
    /// <returns>The certificate as PEM.</returns>
    internal string IssueTunnel(WarpIdentity tunnel, X509Certificate2 present, PublicKey key, TimeSpan life) =>
        SignFor(present, key, AlternativeNames(tunnel, address: null), life);

    /// <inheritdoc/>
    public void Dispose() => _certificate.Dispose();

    private IssuedCertificate Issue(WarpIdentity identity, X500DistinguishedName subject, string? address, TimeSpan? life = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        using var certificate = Sign(request, AlternativeNames(identity, address), life ?? CertificateLife, PeerIdentity.ServerAuthentication, PeerIdentity.ClientAuthentication);
        return new IssuedCertificate(certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    private string SignFor(X509Certificate2 present, PublicKey key, X509Extension names, TimeSpan life)
    {
        var request = new CertificateRequest(present.SubjectName, key, HashAlgorithmName.SHA256);
        using var signed = Sign(request, names, life, PeerIdentity.ServerAuthentication, PeerIdentity.ClientAuthentication);
        return signed.ExportCertificatePem();
    }

    private X509Certificate2 Sign(CertificateRequest request, X509Extension names, TimeSpan life, params IEnumerable<string> usages)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(Oids(usages), critical: false));
        request.CertificateExtensions.Add(names);
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var now = _time.GetUtcNow();
        var (authorityBegin, authorityEnd) = (new DateTimeOffset(_certificate.NotBefore), new DateTimeOffset(_certificate.NotAfter));
        var (begin, end) = (now - CertificateTimes.BackDating, now + life);
        using var issuerKey = _certificate.GetECDsaPrivateKey() ?? throw new InvalidOperationException("the authority has no key");
        return request.Create(_certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(issuerKey), begin > authorityBegin ? begin : authorityBegin, end < authorityEnd ? end : authorityEnd, SerialNumber());
    }

    private static OidCollection Oids(IEnumerable<string> usages)
    {
        var oids = new OidCollection();
        foreach (var usage in usages)
        {
            oids.Add(new Oid(usage));
        }

        return oids;
    }

    private static X509Extension AlternativeNames(WarpIdentity identity, string? address)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(identity.ToString()));
        if (IPAddress.TryParse(address, out var ip))
        {
            names.AddIpAddress(ip);
        }
        else if (address is not null)
        {
            names.AddDnsName(address);
        }

        return names.Build();
    }

    // RFC 5280, 4.1.2.2: positive, unique, at most 20 octets.
    private static byte[] SerialNumber()
    {
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7F;
        serial[0] |= 0x40;
        return serial;
    }

    private static string CertificateFile(DataFolder data, string name) => Path.Combine(data.AuthorityFolder, $"{name}.crt");

    private static string KeyFile(DataFolder data, string name) => Path.Combine(data.AuthorityFolder, $"{name}.key");
}

/// <summary>A certificate and its private key, both PEM; the key is secret.</summary>
/// <param name="CertificatePem">X.509.</param>
/// <param name="KeyPem">PKCS#8.</param>
public sealed record IssuedCertificate(string CertificatePem, string KeyPem)
{
    /// <summary>Without the key.</summary>
    public override string ToString() => CertificatePem;
}
