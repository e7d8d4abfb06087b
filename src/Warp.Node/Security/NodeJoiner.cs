using Warp.Node.Configuration;

namespace Warp.Node.Security;

/// <summary>What <c>warp join</c> was asked for.</summary>
/// <param name="Data">Where to.</param>
/// <param name="BundleFile">What <c>warp runner add</c> wrote.</param>
public sealed record JoinRequest(DataFolder Data, string BundleFile);

/// <summary>Takes a bundle: afterwards <c>warp run</c> starts a member of the cluster.</summary>
public static class NodeJoiner
{
    /// <summary>Checks the bundle and writes the data folder.</summary>
    /// <returns>The node that this machine now is.</returns>
    /// <exception cref="OperatorException">The machine belongs to a cluster already, or the bundle is wrong.</exception>
    public static NodeDescription Join(JoinRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        ExistingNode.Refuse(request.Data);
        return Take(request.Data, RunnerBundle.Load(request.BundleFile), request.BundleFile);
    }

    /// <summary>Checks the bundle and writes the data folder.</summary>
    /// <param name="data">Where to.</param>
    /// <param name="bundle">The bundle.</param>
    /// <param name="source">Where it is from, for a person.</param>
    /// <exception cref="OperatorException">The bundle is wrong.</exception>
    internal static NodeDescription Take(DataFolder data, RunnerBundle bundle, string source)
    {
        if (bundle.Node.Seeds.IsEmpty)
        {
            throw new OperatorException(ExitCode.NotConfigured, $"{source} names no control node to join by. Issue it again with 'warp runner add'.");
        }

        // The same check that every peer will make, so that a mistake shows here and not as a refused connection later.
        CredentialsReader.Check(
            CredentialsReader.Read(bundle.Node.Cluster, bundle.Node.Runner, bundle.CertificatePem, bundle.KeyPem, bundle.AuthoritiesPem, source),
            source);
        data.Create();
        NodeFolder.Write(data, bundle.Node, new IssuedCertificate(bundle.CertificatePem, bundle.KeyPem), bundle.AuthoritiesPem, bundle.ClusterKey);
        return bundle.Node;
    }
}
