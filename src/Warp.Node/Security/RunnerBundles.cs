using System.Collections.Immutable;
using Warp.Cluster.Hosting;
using Warp.Cluster.Membership;
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
        var issued = IssuedRunners.Load(request.Data);
        var runner = SetupNames.Node(request.Name);
        var removed = RemovedRunners.None.With(ClusterTrustFile.Load(request.Data).Removals);
        if (issued.Runners.FirstOrDefault(known => known.Runner == runner) is { } taken && removed.Find(runner, taken.Enrolment) is null)
        {
            throw new OperatorException(
                ExitCode.Failed, $"The runner '{runner}' was already added on {taken.IssuedAt:yyyy-MM-dd} for {taken.Cluster.Host}. Choose another name, or remove that one first with 'warp runner remove {runner}'.");
        }

        var address = AdvertisedAddress.Check(request.Address);
        ImmutableArray<string> roles = request.Control ? [ClusterRoles.Control, ClusterRoles.Runner] : [ClusterRoles.Runner];
        var node = new NodeDescription(self.Cluster, runner, roles, address, request.Ports, Founder: false, issued.Seeds(removed));
        var enrolment = Math.Max(time.GetUtcNow().ToUnixTimeSeconds(), (removed.Of(runner)?.UpTo ?? 0) + 1);
        var certificate = authority.IssueRunner(self.Cluster, runner, address, enrolment);
        var file = Path.GetFullPath(request.OutputFile ?? $"{runner}.warp-bundle");
        new RunnerBundle(RunnerBundle.CurrentFormat, node, certificate.CertificatePem, certificate.KeyPem, SecretFile.Read(request.Data.Authorities), ClusterKey.Ensure(request.Data, self)).Save(file);
        issued.With(IssuedRunner.Of(node, time.GetUtcNow(), enrolment)).Save(request.Data);
        return file;
    }
}
