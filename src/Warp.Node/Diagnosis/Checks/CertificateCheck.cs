using System.Collections.Immutable;
using System.Globalization;
using Warp.Node.Security;

namespace Warp.Node.Diagnosis.Checks;

/// <summary>When what this node proves itself with ends, and what keeps it from being renewed.</summary>
/// <param name="credentials">The certificates in force.</param>
/// <param name="problems">What their renewal says, for a person; empty when all is well.</param>
internal sealed class CertificateCheck(ICredentialSource credentials, Func<ImmutableArray<string>> problems) : ICheck
{
    private static readonly TimeSpan AuthorityWarning = TimeSpan.FromDays(90);

    /// <inheritdoc/>
    public string Name => "certificates";

    /// <inheritdoc/>
    public Task<ImmutableArray<Finding>> LookAsync(CancellationToken cancellationToken)
    {
        var held = credentials.Current;
        return Task.FromResult(Judge(new CertificateFacts(
            CertificateTimes.EndOf(held.Certificate), held.Authorities.Max(CertificateTimes.EndOf), problems(), held.Clock.GetUtcNow())));
    }

    internal static ImmutableArray<Finding> Judge(CertificateFacts facts)
    {
        ImmutableArray<Finding> found =
        [
            .. facts.Problems.Select(problem => Finding.Warning("certificates", problem, "while a control node with the CA runs and is reached, nodes renew by themselves; 'warp ca status' shows where it stands")),
            .. Node(facts),
            .. Authority(facts),
        ];
        return found.IsEmpty ? [Finding.Ok("certificates", $"the node's ends on {Date(facts.NodeUntil)}, the CA on {Date(facts.AuthorityUntil)}")] : found;
    }

    private static IEnumerable<Finding> Node(CertificateFacts facts)
    {
        if (facts.NodeUntil <= facts.Now)
        {
            yield return Finding.Problem(
                "certificates", $"the node's certificate ended on {Date(facts.NodeUntil)}: no other node talks to this one", "compare the clock ('timedatectl'); if it is right, add the runner again: 'warp runner add'");
        }
    }

    private static IEnumerable<Finding> Authority(CertificateFacts facts)
    {
        if (facts.AuthorityUntil - facts.Now < AuthorityWarning)
        {
            yield return Finding.Warning("certificates", $"the cluster's CA ends on {Date(facts.AuthorityUntil)}", "replace it in time: 'warp ca rotate'");
        }
    }

    private static string Date(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}

/// <summary>When certificates end.</summary>
/// <param name="NodeUntil">The node's own.</param>
/// <param name="AuthorityUntil">The CA's; of several the last one's.</param>
/// <param name="Problems">What keeps them from being renewed.</param>
/// <param name="Now">The time by which that is judged.</param>
internal sealed record CertificateFacts(DateTimeOffset NodeUntil, DateTimeOffset AuthorityUntil, ImmutableArray<string> Problems, DateTimeOffset Now);
