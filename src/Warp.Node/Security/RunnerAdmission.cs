using System.Collections.Immutable;
using Warp.Cluster.Hosting;
using Warp.Cluster.Membership;
using Warp.Node.Configuration;

namespace Warp.Node.Security;

/// <summary>Whether a new runner may have its name, and what it will be; the caller holds the <see cref="AuthorityLock"/>.</summary>
/// <param name="Node">What it will be.</param>
/// <param name="Enrolment">The number that its certificates bear.</param>
/// <param name="Issued">The record of issue without it.</param>
internal sealed record RunnerAdmission(NodeDescription Node, long Enrolment, IssuedRunners Issued)
{
    /// <summary>Looks at the record of issue.</summary>
    /// <exception cref="OperatorException">The name is taken or wrong, or so is the address.</exception>
    public static RunnerAdmission Of(DataFolder data, string name, string address, bool control, NodePorts ports, TimeProvider time)
    {
        var self = NodeDescription.Load(data);
        var issued = IssuedRunners.Load(data);
        var runner = SetupNames.Node(name);
        var removed = RemovedRunners.None.With(ClusterTrustFile.Load(data).Removals);
        if (issued.Runners.FirstOrDefault(known => known.Runner == runner) is { } taken && removed.Find(runner, taken.Enrolment) is null)
        {
            throw new OperatorException(
                ExitCode.Failed, $"The runner '{runner}' was already added on {taken.IssuedAt:yyyy-MM-dd} for {taken.Cluster.Host}. Choose another name, or remove that one first with 'warp runner remove {runner}'.");
        }

        ImmutableArray<string> roles = control ? [ClusterRoles.Control, ClusterRoles.Runner] : [ClusterRoles.Runner];
        var node = new NodeDescription(self.Cluster, runner, roles, AdvertisedAddress.Check(address), ports, Founder: false, issued.Seeds(removed));
        return new RunnerAdmission(node, Math.Max(time.GetUtcNow().ToUnixTimeSeconds(), (removed.Of(runner)?.UpTo ?? 0) + 1), issued);
    }

    /// <summary>Records that the runner has its certificate.</summary>
    public void Record(DataFolder data, TimeProvider time) => Issued.With(IssuedRunner.Of(Node, time.GetUtcNow(), Enrolment)).Save(data);
}
