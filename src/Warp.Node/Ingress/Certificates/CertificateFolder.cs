using System.Collections.Immutable;
using System.Security.Cryptography;
using Warp.Node.Configuration;
using Warp.Node.Security;

namespace Warp.Node.Ingress.Certificates;

/// <summary>
/// Certificates in a folder: <c>NAME.crt</c> or <c>NAME.pem</c> with its key in <c>NAME.key</c>. Read again at each look; a pair that became wrong goes on as it was read last.
/// </summary>
internal sealed class CertificateFolder(string folder, TimeProvider time)
{
    private readonly Dictionary<string, Pair> _good = new(StringComparer.Ordinal);

    /// <summary>What was found, in the order of preference: the one that is valid longest first.</summary>
    public ImmutableArray<ServerCertificate> Certificates { get; private set; } = [];

    /// <summary>What is wrong with the files, naming each; empty when all is well.</summary>
    public ImmutableArray<string> Problems { get; private set; } = [];

    /// <summary>Reads what is new or changed.</summary>
    /// <returns>Whether there are other certificates than at the look before.</returns>
    public bool Look()
    {
        var problems = ImmutableArray.CreateBuilder<string>();
        var before = Certificates;
        try
        {
            var files = CertificateFiles();
            foreach (var gone in _good.Keys.Except(files.Select(NameOf), StringComparer.Ordinal).ToList())
            {
                _good.Remove(gone);
            }

            foreach (var file in files)
            {
                Read(file, problems);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            problems.Add($"the folder {folder} cannot be read: {failure.Message}");
        }

        Certificates = [.. _good.OrderByDescending(pair => pair.Value.Certificate.Leaf.NotAfter).ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value.Certificate)];
        Problems = problems.ToImmutable();
        return !before.SequenceEqual(Certificates);
    }

    private List<string> CertificateFiles() =>
        Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder).Where(file => Path.GetExtension(file) is ".crt" or ".pem").Order(StringComparer.Ordinal).DistinctBy(NameOf, StringComparer.Ordinal)]
            : [];

    private void Read(string file, ImmutableArray<string>.Builder problems)
    {
        var name = NameOf(file);
        try
        {
            var (certificatePem, keyPem) = (File.ReadAllText(file), SecretFile.Read(Path.ChangeExtension(file, ".key")));
            var known = _good.GetValueOrDefault(name);
            if (known is null || !known.Has(certificatePem, keyPem))
            {
                known = new Pair(certificatePem, Hash(keyPem), ServerCertificate.FromPem(certificatePem, keyPem));
                _good[name] = known;
            }

            if (known.Certificate.Leaf.NotAfter.ToUniversalTime() is var end && end < time.GetUtcNow().UtcDateTime)
            {
                problems.Add($"{file} ended on {end:u}: clients refuse it; put a new one in its place");
            }
        }
        catch (Exception failure) when (failure is CryptographicException or OperatorException or IOException or UnauthorizedAccessException)
        {
            problems.Add($"{file} with its key cannot be used{(_good.ContainsKey(name) ? " and the one before stays" : "")}: {failure.Message}");
        }
    }

    private static string NameOf(string file) => Path.GetFileNameWithoutExtension(file);

    private static string Hash(string keyPem) => Convert.ToHexString(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(keyPem)));

    private sealed record Pair(string CertificatePem, string KeyHash, ServerCertificate Certificate)
    {
        public bool Has(string certificatePem, string keyPem) =>
            string.Equals(CertificatePem, certificatePem, StringComparison.Ordinal) && string.Equals(KeyHash, Hash(keyPem), StringComparison.Ordinal);
    }
}
