using Warp.Node.Configuration;

namespace Warp.Node.Security;

/// <summary>What <c>warp runner add</c> was asked for.</summary>
/// <param name="Data">The data folder that holds the CA.</param>
/// <param name="Name">The new runner's name.</param>
/// <param name="Address">How the other nodes will reach it.</param>
/// <param name="Control">Whether it also hosts deployment actors.</param>
/// <param name="Ports">Its ports.</param>
/// <param name="OutputFile">Where the bundle goes; null: <c>NAME.warp-bundle</c> in the current folder.</param>
public sealed record AddRunnerRequest(DataFolder Data, string Name, string Address, bool Control, NodePorts Ports, string? OutputFile);

/// <summary>Issues what a new runner needs.</summary>
public static class RunnerBundles
{
    /// <summary>Issues a certificate, writes the bundle (mode 0600) and records the runner.</summary>
    /// <returns>The bundle's full path.</returns>
    /// <exception cref="OperatorException">The name is taken or wrong, there is no CA here, or the file cannot be written.</exception>
    public static string Add(AddRunnerRequest request, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(time);
        using var authority = ClusterAuthority.Load(request.Data, time);
        using var turn = AuthorityLock.Take(request.Data);
        var self = NodeDescription.Load(request.Data);
        var admission = RunnerAdmission.Of(request.Data, request.Name, request.Address, request.Control, request.Ports, time);
        var node = admission.Node;
        var certificate = authority.IssueRunner(node.Cluster, node.Runner, node.Address, admission.Enrolment);
        var file = Path.GetFullPath(request.OutputFile ?? $"{node.Runner}.warp-bundle");
        new RunnerBundle(RunnerBundle.CurrentFormat, node, certificate.CertificatePem, certificate.KeyPem, SecretFile.Read(request.Data.Authorities), ClusterKey.Ensure(request.Data, self)).Save(file);
        admission.Record(request.Data, time);
        return file;
    }
}
