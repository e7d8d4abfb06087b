using System.Collections.Immutable;
using Warp.Cluster.Identity;
using Warp.Cluster.Membership;
using Warp.Cluster.Protocol;
using Warp.Node.Configuration;
using Warp.Node.Http.Documents;
using Warp.Node.Security;

namespace Warp.Node.Http;

/// <summary>
/// The change of the cluster's CA by overlap, on the node that holds it: a new one is made and trusted beside the old one; when everybody trusts it, it signs and all certificates are
/// renewed under it; when nobody shows the old one's any more, the old one is trusted no longer. Each step can be repeated; where it stands is on the disk and in the journal.
/// </summary>
/// <param name="data">The data folder that may hold the CA.</param>
/// <param name="time">The clock.</param>
/// <param name="actors">The cluster's trust, and the runners.</param>
internal sealed class AuthorityRotation(DataFolder data, TimeProvider time, ActorGateway actors)
{
    /// <summary>Where the change stands, and who holds up its next step.</summary>
    public async Task<AuthorityDocument> StatusAsync(CancellationToken cancellationToken)
    {
        await RequireAuthorityAsync(cancellationToken);
        using var present = ClusterAuthority.Load(data, time);
        using var next = ClusterAuthority.LoadNext(data, time);
        var known = (await actors.ListRunnersAsync(cancellationToken)).Runners;
        var trust = await TrustAsync(cancellationToken);
        var expected = Expected(trust);
        var (phase, waiting) = (next, trust.Authorities) switch
        {
            ({ } successor, _) => (AuthorityPhase.Announced, AuthorityRotationRule.NotTrusting(expected, known, successor.Id)),
            (_, { Certificates.Length: > 1 } set) when string.Equals(set.Signing, present.Id, StringComparison.Ordinal) =>
                (AuthorityPhase.Overlap, AuthorityRotationRule.StillShowingOthers(expected, known, present.Id)),
            (_, { Certificates.Length: > 1 }) => (AuthorityPhase.Announced, []),
            _ => (AuthorityPhase.Single, []),
        };
        return new AuthorityDocument(phase, present.Id, next?.Id, [.. waiting.Select(runner => runner.Value)]);
    }

    /// <summary>Makes a new CA, and has it trusted everywhere.</summary>
    public async Task<AuthorityDocument> BeginAsync(CancellationToken cancellationToken)
    {
        await RequireAuthorityAsync(cancellationToken);
        using var present = ClusterAuthority.Load(data, time);
        var trust = await TrustAsync(cancellationToken);
        if (trust.Authorities is { Certificates.Length: > 1 } set && string.Equals(set.Signing, present.Id, StringComparison.Ordinal) && ClusterAuthority.LoadNext(data, time) is null)
        {
            throw Refused("the last change of the CA is not finished: 'warp ca rotate --finish' ends it");
        }

        using var next = ClusterAuthority.LoadNext(data, time) ?? Successor();
        await TrustAsync(trust, [present.CertificatePem, next.CertificatePem], present.Id, cancellationToken);
        return await StatusAsync(cancellationToken);
    }

    /// <summary>Has the new CA sign; every node renews its certificates then.</summary>
    public async Task<AuthorityDocument> SwitchAsync(bool force, CancellationToken cancellationToken)
    {
        var status = await StatusAsync(cancellationToken);
        if (status.Phase != AuthorityPhase.Announced)
        {
            throw Refused("no new CA is announced: 'warp ca rotate' begins");
        }

        if (!force && status.WaitingFor is { IsEmpty: false } waiting)
        {
            throw Refused($"{string.Join(", ", waiting)} do not trust the new CA yet; start their nodes, remove them, or say --force, and they will have to be added again");
        }

        var trust = await TrustAsync(cancellationToken);
        if (status.Next is not null)
        {
            ClusterAuthority.Succeed(data);
        }

        using var present = ClusterAuthority.Load(data, time);
        ClusterInitializer.WriteAdministrator(data, present, NodeDescription.Load(data).Cluster);
        await TrustAsync(trust, trust.Authorities!.Certificates, present.Id, cancellationToken);
        return await StatusAsync(cancellationToken);
    }

    /// <summary>Ends the trust in the old CA.</summary>
    public async Task<AuthorityDocument> FinishAsync(bool force, CancellationToken cancellationToken)
    {
        var status = await StatusAsync(cancellationToken);
        if (status.Phase != AuthorityPhase.Overlap)
        {
            throw Refused("there is no old CA whose trust could be ended; 'warp ca status' says how it stands");
        }

        if (!force && status.WaitingFor is { IsEmpty: false } waiting)
        {
            throw Refused($"{string.Join(", ", waiting)} still show certificates of the old CA, or were not heard of; start their nodes, remove them, or say --force, and they will have to be added again");
        }

        using var present = ClusterAuthority.Load(data, time);
        await TrustAsync(await TrustAsync(cancellationToken), [present.CertificatePem], present.Id, cancellationToken);
        return await StatusAsync(cancellationToken);
    }

    private ClusterAuthority Successor()
    {
        var made = ClusterAuthority.Create(NodeDescription.Load(data).Cluster, time, successor: true);
        made.SaveNext(data);
        return made;
    }

    private IEnumerable<RunnerId> Expected(ClusterTrust trust)
    {
        var removed = RemovedRunners.None.With(trust.Removals);
        return IssuedRunners.Load(data).Runners.Where(runner => removed.Find(runner.Runner, runner.Enrolment) is null).Select(runner => runner.Runner);
    }

    private async Task RequireAuthorityAsync(CancellationToken cancellationToken)
    {
        if (!ClusterAuthority.IsIn(data))
        {
            var signer = (await actors.ListRunnersAsync(cancellationToken)).Runners.FirstOrDefault(runner => runner.Status.Certificates is { Signs: true })?.Status.Runner.Value;
            throw Refused($"this node does not hold the cluster's CA; ask {(signer is null ? "the node where 'warp init' was run" : $"the node {signer}")}");
        }
    }

    private async Task<ClusterTrust> TrustAsync(CancellationToken cancellationToken) =>
        await actors.AskTrustAsync(new GetClusterTrust(), cancellationToken) is ClusterTrust trust ? trust : throw ActorGateway.Unexpected("no trust of the cluster");

    private async Task TrustAsync(ClusterTrust before, ImmutableArray<string> certificates, string signing, CancellationToken cancellationToken)
    {
        var wish = new AuthoritySet((before.Authorities?.Generation ?? 0) + 1, certificates, signing);
        if (await actors.AskTrustAsync(new TrustAuthorities(wish), cancellationToken) is TrustRefused refused)
        {
            throw Refused(refused.Reason);
        }
    }

    private static ProblemException Refused(string reason) => new(Problem.Conflict(reason));
}
