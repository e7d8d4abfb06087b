using Warp.Node.Configuration;

namespace Warp.Node.Security;

/// <summary>The node's credentials from its data folder.</summary>
public sealed class FileCredentialSource : ICredentialSource
{
    private readonly DataFolder _data;
    private readonly NodeDescription _node;
    private volatile NodeCredentials _current;

    /// <summary>Reads and checks the files.</summary>
    /// <exception cref="OperatorException">They are missing, open to others, do not fit together, have expired, or speak for somebody else.</exception>
    public FileCredentialSource(DataFolder data, NodeDescription node)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(node);
        (_data, _node) = (data, node);
        _current = Load();
    }

    /// <inheritdoc/>
    public NodeCredentials Current => _current;

    /// <summary>Reads the files again; on a failure the old credentials stay in force.</summary>
    /// <exception cref="OperatorException">As at the start.</exception>
    public void Reload() => _current = Load();

    private NodeCredentials Load()
    {
        var credentials = CredentialsReader.Read(
            _node.Cluster, _node.Runner, SecretFile.Read(_data.NodeCertificate), SecretFile.Read(_data.NodeKey), SecretFile.Read(_data.Authorities), _data.Root);
        CredentialsReader.Check(credentials, _data.Root);
        return credentials;
    }
}
