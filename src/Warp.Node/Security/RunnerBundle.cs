using System.Text.Json;
using Warp.Node.Configuration;

namespace Warp.Node.Security;

/// <summary>All that a second machine needs to take part in the cluster; secret, because it holds the node's key.</summary>
/// <param name="Format">The layout of this document: <see cref="CurrentFormat"/>.</param>
/// <param name="Node">Who the machine will be.</param>
/// <param name="CertificatePem">Its certificate.</param>
/// <param name="KeyPem">Its private key.</param>
/// <param name="AuthoritiesPem">The cluster's CA certificates.</param>
/// <param name="ClusterKey">The cluster's own secret, base64; null in a bundle of an earlier version.</param>
public sealed record RunnerBundle(int Format, NodeDescription Node, string CertificatePem, string KeyPem, string AuthoritiesPem, string? ClusterKey = null)
{
    /// <summary>The format that this program writes and reads.</summary>
    public const int CurrentFormat = 1;

    /// <summary>Reads a bundle file.</summary>
    /// <exception cref="OperatorException">It is not there, open to others, no bundle, or of another format.</exception>
    public static RunnerBundle Load(string file)
    {
        try
        {
            var bundle = JsonSerializer.Deserialize(SecretFile.Read(file), SetupJson.Default.RunnerBundle) ?? throw new JsonException("the file is empty");
            return bundle.Format == CurrentFormat
                ? bundle
                : throw new OperatorException(
                    ExitCode.NotConfigured, $"{file} has the bundle format {bundle.Format}, this program reads {CurrentFormat}. Use the same version of warp on both machines.");
        }
        catch (JsonException failure)
        {
            throw new OperatorException(ExitCode.NotConfigured, $"{file} is not a bundle of 'warp runner add': {failure.Message}", failure);
        }
    }

    /// <summary>Writes the bundle with mode 0600.</summary>
    public void Save(string file) => SecretFile.Write(file, JsonSerializer.Serialize(this, SetupJson.Default.RunnerBundle));

    /// <summary>Names the runner only: a record's own text would print the key.</summary>
    public override string ToString() => $"bundle of {Node.Runner} in {Node.Cluster}";
}
