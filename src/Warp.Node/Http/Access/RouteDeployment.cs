using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Warp.Node.Http.Access;

/// <summary>The deployment that a request is about.</summary>
internal static class RouteDeployment
{
    /// <summary>The query's name for it, where the path has none.</summary>
    public const string Query = "deployment";

    /// <summary>As it is written there; null when the request names none.</summary>
    public static string? Of(HttpContext context) =>
        context.GetRouteValue("name") as string ?? (context.Request.Query[Query].ToString() is { Length: > 0 } name ? name : null);
}
