using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Warp.Node.Configuration;

namespace Warp.Node.Http.AkkaManagement;

/// <summary>Every route of Akka Management that is switched on, under its base path.</summary>
internal static class AkkaRoutes
{
    public static void Map(IEndpointRouteBuilder app, IClusterAccess access, AkkaManagementSettings settings)
    {
        var routes = app.MapGroup(settings.BasePath);
        if (settings.ServesProbes)
        {
            ProbeEndpoints.Map(routes, access, settings);
        }

        if (settings.ServesCluster)
        {
            MemberEndpoints.Map(routes, access);
            MembershipEndpoints.Map(routes, access, settings.IsReadOnly);
            ShardEndpoints.Map(routes, access);
            DomainEventEndpoints.Map(routes, access);
        }

        if (settings.ServesBootstrap)
        {
            BootstrapEndpoints.Map(routes, access);
        }
    }
}
