using Warp.Cluster.Hosting;
using Warp.Node.Configuration;

namespace Warp.Node.Security;

/// <summary>What <c>warp init</c> was asked for.</summary>
/// <param name="Data">Where to.</param>
/// <param name="Cluster">The cluster's id; null makes one up.</param>
/// <param name="Node">This node's name; null takes the machine's host name.</param>
/// <param name="Address">How other nodes reach this one; null takes the address of the default route.</param>
/// <param name="Ports">The node's ports.</param>
public sealed record InitRequest(DataFolder Data, string? Cluster, string? Node, string? Address, NodePorts Ports);

/// <summary>Makes a cluster: its CA, its first node and its first administrator.</summary>
public static class ClusterInitializer
{
    /// <summary>The administrator whose certificate is made with the cluster.</summary>
    public const string FirstAdministrator = "admin";

    /// <summary>Does it; a cluster that is already there is never touched.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="time">The clock for the certificates.</param>
    /// <returns>The node that was made.</returns>
    /// <exception cref="OperatorException">There is a cluster already, or a name or address is wrong or cannot be found out.</exception>
    public static NodeDescription Initialize(InitRequest request, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(request);
        ExistingNode.Refuse(request.Data);
        var cluster = SetupNames.Cluster(request.Cluster);
        var runner = SetupNames.Node(request.Node);
        var address = request.Address is null ? AdvertisedAddress.Detect() : AdvertisedAddress.Check(request.Address);
        var node = new NodeDescription(cluster, runner, [ClusterRoles.Control, ClusterRoles.Runner], address, request.Ports, Founder: true, Seeds: []);

        request.Data.Create();
        using var authority = ClusterAuthority.Create(cluster, time);
        authority.Save(request.Data);
        var enrolment = time.GetUtcNow().ToUnixTimeSeconds();
        IssuedRunners.Empty.With(IssuedRunner.Of(node, time.GetUtcNow(), enrolment)).Save(request.Data);
        WriteAdministrator(request.Data, authority, cluster);
        NodeFolder.Write(request.Data, node, authority.IssueRunner(cluster, runner, address, enrolment), authority.CertificatePem, ClusterKey.New());
        return node;
    }

    /// <summary>Writes a certificate of the first administrator, also in place of an earlier one.</summary>
    /// <exception cref="OperatorException">A file cannot be written.</exception>
    internal static void WriteAdministrator(DataFolder data, ClusterAuthority authority, string cluster)
    {
        var admin = authority.IssueAdmin(cluster, FirstAdministrator);
        SecretFile.Write(data.AdminKey, admin.KeyPem);
        SecretFile.Write(data.AdminCertificate, admin.CertificatePem);
    }
}
