using Warp.Node.Configuration;

namespace Warp.Node.Security;

/// <summary>The part of a data folder that every node has, whether it made the cluster or joined it.</summary>
internal static class NodeFolder
{
    /// <summary>Writes it; <c>node.json</c> comes last, so that a folder that has it is complete.</summary>
    public static void Write(DataFolder data, NodeDescription node, IssuedCertificate certificate, string authoritiesPem, string? clusterKey)
    {
        SecretFile.Write(data.NodeKey, certificate.KeyPem);
        SecretFile.Write(data.NodeCertificate, certificate.CertificatePem);
        SecretFile.Write(data.Authorities, authoritiesPem);
        if (clusterKey is not null)
        {
            SecretFile.Write(data.ClusterKey, clusterKey);
        }

        SecretFile.Write(data.NodeFile, node.ToJson());
    }
}

/// <summary>The guard of <c>warp init</c> and <c>warp join</c>: what is there is never overwritten.</summary>
internal static class ExistingNode
{
    /// <summary>Ends the command when the folder belongs to a cluster.</summary>
    /// <exception cref="OperatorException">It does.</exception>
    public static void Refuse(DataFolder data)
    {
        if (File.Exists(data.NodeFile))
        {
            var node = NodeDescription.Load(data);
            throw new OperatorException(
                ExitCode.Failed,
                $"{data.Root} already belongs to the cluster '{node.Cluster}' as '{node.Runner}'; nothing was changed. Start it with 'warp run', or name another folder with --data.");
        }

        if (Directory.Exists(data.AuthorityFolder) || File.Exists(data.NodeKey))
        {
            throw new OperatorException(
                ExitCode.Failed,
                $"{data.Root} holds keys but no node.json: an earlier 'warp init' or 'warp join' did not finish, or the file was removed. Nothing was changed. Put node.json back, or remove the folder if you do not need it.");
        }
    }
}
