using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Warp.Cluster.Identity;

namespace Warp.Node.Http.Access;

/// <summary>What an endpoint asks of its caller; every endpoint says it.</summary>
/// <param name="Level">Who may call it.</param>
/// <param name="Changes">Whether it changes something, so that each call is audited.</param>
/// <param name="ByRunners">Whether a runner may call it too, for a user whom it has checked: it has to say so with <see cref="RunnerForward.PassedOnBy"/>.</param>
internal sealed record RequiredAccess(AccessLevel Level, bool Changes, bool ByRunners)
{
    // What is no endpoint of ours, such as the answer that the method is not allowed, does nothing; an endpoint that says nothing is closed.
    private static readonly RequiredAccess s_nothingThere = new(AccessLevel.Read, Changes: false, ByRunners: false);
    private static readonly RequiredAccess s_unsaid = new(AccessLevel.Administer, Changes: true, ByRunners: false);

    /// <summary>What the endpoint of a request asks for.</summary>
    public static RequiredAccess Of(HttpContext context) =>
        context.GetEndpoint() is RouteEndpoint endpoint ? endpoint.Metadata.GetMetadata<RequiredAccess>() ?? s_unsaid : s_nothingThere;

    /// <summary>Whether the caller's identity reaches the level; for <see cref="AccessLevel.Deploy"/> the project is another question.</summary>
    /// <param name="caller">Who.</param>
    /// <param name="passesOn">Whether it says that it passes on what a user wants.</param>
    public bool Allows(Caller caller, bool passesOn) => (Level, caller) switch
    {
        (AccessLevel.Anyone or AccessLevel.Read, _) => true,
        (_, { Runner: not null }) => Level == AccessLevel.Nodes || (ByRunners && passesOn),
        (_, { Role: { } role }) => role.MayAdminister || (Level == AccessLevel.Deploy && !role.Projects.IsEmpty),
        _ => false,
    };

    /// <summary>The role that is needed, for a person.</summary>
    public string Needed => Level switch
    {
        AccessLevel.Read => $"{AdminRole.Read}",
        AccessLevel.Nodes => $"{AdminRole.Administer}, or the certificate of a node",
        AccessLevel.Deploy => "deploy for the deployment's project",
        _ => $"{AdminRole.Administer}",
    };
}

/// <summary>How an endpoint says who may call it.</summary>
internal static class RequiredAccessExtensions
{
    /// <summary>It changes nothing, and this is who may call it.</summary>
    public static TBuilder Requires<TBuilder>(this TBuilder route, AccessLevel level)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new RequiredAccess(level, Changes: false, ByRunners: false));

    /// <summary>It changes something, and this is who may call it.</summary>
    /// <param name="route">The endpoint.</param>
    /// <param name="level">Who.</param>
    /// <param name="byRunners">Whether a runner passes such requests on.</param>
    public static TBuilder RequiresForChange<TBuilder>(this TBuilder route, AccessLevel level, bool byRunners = false)
        where TBuilder : IEndpointConventionBuilder => route.WithMetadata(new RequiredAccess(level, Changes: true, byRunners));
}
