namespace Warp.Node.Configuration;

/// <summary>Where everything lies that a node keeps: one folder, readable by its owner only.</summary>
/// <param name="Root">Absolute path.</param>
public sealed record DataFolder(string Root)
{
    /// <summary>The folder when nobody names another.</summary>
    public const string DefaultPath = "/var/lib/warp";

    /// <summary>The environment variable that names another.</summary>
    public const string Variable = "WARP_DATA";

    /// <summary>Who this node is (<see cref="NodeDescription"/>).</summary>
    public string NodeFile => Path.Combine(Root, "node.json");

    /// <summary>This node's own settings over the shipped ones; may be absent.</summary>
    public string ConfigFile => Path.Combine(Root, "warp.conf");

    /// <summary>The node's certificate.</summary>
    public string NodeCertificate => Path.Combine(Root, "node.crt");

    /// <summary>The node's private key.</summary>
    public string NodeKey => Path.Combine(Root, "node.key");

    /// <summary>The certificate of the node's tunnels and its key: renewed by itself, and asked for again when it is missing.</summary>
    public string TunnelCertificate => Path.Combine(StateFolder, "tunnel.pem");

    /// <summary>The cluster's own secret, the same on every node.</summary>
    public string ClusterKey => Path.Combine(Root, "cluster.key");

    /// <summary>The cluster's CA certificates, one or several.</summary>
    public string Authorities => Path.Combine(Root, "ca.crt");

    /// <summary>The administrator's certificate; only where the cluster was made.</summary>
    public string AdminCertificate => Path.Combine(Root, "admin.crt");

    /// <summary>The administrator's private key; only where the cluster was made.</summary>
    public string AdminKey => Path.Combine(Root, "admin.key");

    /// <summary>The CA with its key; only where the cluster was made.</summary>
    public string AuthorityFolder => Path.Combine(Root, "ca");

    /// <summary>The operator's certificates for public URLs; may be empty.</summary>
    public string IngressFolder => Path.Combine(Root, "ingress");

    /// <summary>What the node writes while it runs.</summary>
    public string StateFolder => Path.Combine(Root, "state");

    /// <summary>The embedded journal.</summary>
    public string JournalFile => Path.Combine(StateFolder, "warp.db");

    /// <summary>The last assignments and peers, for a start without the cluster.</summary>
    public string AssignmentsFolder => Path.Combine(StateFolder, "assignments");

    /// <summary>The cluster's logins at image registries, with sealed passwords.</summary>
    public string RegistryLoginsFile => Path.Combine(StateFolder, "registry-logins.json");

    /// <summary>Which runners were removed from the cluster, and which CAs it has.</summary>
    public string ClusterTrustFile => Path.Combine(StateFolder, "cluster-trust.json");

    /// <summary>Files on their way between runners; what is in it when the node starts is left over.</summary>
    public string TransferFolder => Path.Combine(StateFolder, "transfer");

    /// <summary>Who changed what (<see cref="AuditSettings"/>); earlier ones have a number behind the name.</summary>
    public string AuditFile => Path.Combine(Root, "audit.log");

    /// <summary>The cluster members heard of last.</summary>
    public string MembersFile => Path.Combine(StateFolder, "members.json");

    /// <summary>Certificates for public URLs that the cluster's CA issued.</summary>
    public string IssuedCertificatesFolder => Path.Combine(StateFolder, "ingress");

    /// <summary>The management API's Unix socket when the settings name no other.</summary>
    public string SocketFile => Path.Combine(Root, "warp.sock");

    /// <summary>The folder that the command line, else the environment, else the default names.</summary>
    /// <param name="path">From the command line; null when not given.</param>
    public static DataFolder At(string? path) =>
        new(Path.GetFullPath(path ?? Environment.GetEnvironmentVariable(Variable) ?? DefaultPath));

    /// <summary>Makes the folder and those under it that every node has, with mode 0700; leaves what is there.</summary>
    /// <exception cref="OperatorException">The folder cannot be made.</exception>
    public void Create()
    {
        try
        {
            foreach (var folder in (string[])[Root, StateFolder, AssignmentsFolder])
            {
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new OperatorException(ExitCode.System, $"The data folder {Root} cannot be made: {failure.Message} Run as root, or name another folder with --data.", failure);
        }
    }
}
