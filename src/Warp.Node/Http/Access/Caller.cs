using System.Globalization;
using Microsoft.AspNetCore.Http;
using Warp.Cluster.Identity;

namespace Warp.Node.Http.Access;

/// <summary>Who has proven to be behind a request.</summary>
/// <param name="Name">For logs and refusals.</param>
/// <param name="Role">What an administrator may do; null for a node.</param>
/// <param name="Runner">The runner whose node it is; null for an administrator.</param>
internal sealed record Caller(string Name, AdminRole? Role, RunnerId? Runner)
{
    /// <summary>A user of this host who could open the Unix socket.</summary>
    public static Caller Local(uint user) => new(string.Create(CultureInfo.InvariantCulture, $"uid {user} on this host"), AdminRole.Administer, Runner: null);

    /// <summary>Who showed a certificate.</summary>
    public static Caller Of(WarpIdentity identity) =>
        new(identity.ToString(), identity.Role, identity.Kind == WarpIdentityKind.Runner ? RunnerId.Parse(identity.Name) : null);

    /// <summary>Whose request it is; null while nobody has proven anything.</summary>
    public static Caller? Behind(HttpContext context) => context.Features.Get<CallerProof>()?.Caller;
}

/// <summary>Who is behind a request, or why that is not known; exactly one of the two is there.</summary>
/// <param name="Caller">Who.</param>
/// <param name="Refusal">Why not.</param>
internal sealed record CallerProof(Caller? Caller, Problem? Refusal)
{
    public static CallerProof Of(Caller caller) => new(caller, Refusal: null);

    public static CallerProof Missing(Problem refusal) => new(Caller: null, refusal);
}
