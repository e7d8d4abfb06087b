using Akka.Actor;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Warp.Node.Configuration;
using Warp.Node.Http.Access;
using Warp.Node.Http.OpenApi;

namespace Warp.Node.Http.AkkaManagement;

/// <summary>
/// Akka Management's routes that change the membership. While it is read-only they answer 405, and <c>PUT /cluster/</c> is not there. Each answers before the change has happened,
/// as Akka Management does.
/// </summary>
internal static class MembershipEndpoints
{
    private const string AddressField = "address";
    private const string OperationField = "operation";

    private static Problem ReadOnly => Problem.Of(
        StatusCodes.Status405MethodNotAllowed, "The membership can only be read", $"Akka Management is read-only on this node; an operator may set {SettingKeys.ManagementReadOnly} = off in its warp.conf");

    public static void Map(IEndpointRouteBuilder routes, IClusterAccess access, bool isReadOnly)
    {
        Describe(routes.MapPost("/cluster/members", Guarded(isReadOnly, context => JoinAsync(context, access))), "joinMember", "Let a node join the cluster.", AddressField);
        Describe(
            routes.MapPut("/cluster/members/{**address}", Guarded(isReadOnly, context => OperateAsync(context, access))),
            "operateMember", "Down a member, or let it leave.", OperationField).Produces<MessageDocument>(StatusCodes.Status404NotFound);
        Describe(routes.MapDelete("/cluster/members/{**address}", Guarded(isReadOnly, context => Task.FromResult(Leave(context, access)))), "leaveMember", "Let a member leave the cluster.")
            .Produces<MessageDocument>(StatusCodes.Status404NotFound);
        routes.MapPut("/cluster", () => isReadOnly ? Results.NotFound() : NotSupported())
            .RequiresForChange(AccessLevel.Administer)
            .Describe("operateCluster", "Cluster", "Operations on the whole cluster: Akka.NET has none of them.", "404 while Akka Management is read-only.")
            .Produces<MessageDocument>(StatusCodes.Status400BadRequest)
            .Refuses(StatusCodes.Status404NotFound);
    }

    private static async Task<IResult> JoinAsync(HttpContext context, IClusterAccess access)
    {
        var text = await FieldAsync(context, AddressField);
        return text is null || AddressOf(text) is not { } address
            ? AkkaAnswers.Message(
                text is null ? $"Request is missing required form field '{AddressField}'" : $"[{text}] is not the address of a node, such as akka.ssl.tcp://warp@192.0.2.11:4053",
                StatusCodes.Status400BadRequest)
            : AkkaAnswers.With(access, cluster =>
            {
                cluster.Join(address);
                return AkkaAnswers.Message($"Joining {address}");
            });
    }

    private static async Task<IResult> OperateAsync(HttpContext context, IClusterAccess access)
    {
        var operation = await FieldAsync(context, OperationField);
        return AkkaAnswers.With(access, cluster => MemberEndpoints.WithMember(cluster, Wanted(context), (_, member) => operation?.ToUpperInvariant() switch
        {
            "DOWN" => Downed(cluster, member.Address),
            "LEAVE" => Left(cluster, member.Address),
            null => AkkaAnswers.Message($"Request is missing required form field '{OperationField}'", StatusCodes.Status400BadRequest),
            _ => NotSupported(),
        }));
    }

    private static IResult Leave(HttpContext context, IClusterAccess access) =>
        AkkaAnswers.With(access, cluster => MemberEndpoints.WithMember(cluster, Wanted(context), static (cluster, member) => Left(cluster, member.Address)));

    private static JsonHttpResult<MessageDocument> Downed(Akka.Cluster.Cluster cluster, Address address)
    {
        cluster.Down(address);
        return AkkaAnswers.Message($"Downing {address}");
    }

    private static JsonHttpResult<MessageDocument> Left(Akka.Cluster.Cluster cluster, Address address)
    {
        cluster.Leave(address);
        return AkkaAnswers.Message($"Leaving {address}");
    }

    private static JsonHttpResult<MessageDocument> NotSupported() => AkkaAnswers.Message("Operation not supported", StatusCodes.Status400BadRequest);

    private static string Wanted(HttpContext context) => context.GetRouteValue(AddressField) as string ?? "";

    private static async Task<string?> FieldAsync(HttpContext context, string name) =>
        context.Request.HasFormContentType && (await context.Request.ReadFormAsync(context.RequestAborted)).TryGetValue(name, out var values) && values.Count > 0 ? values[0] : null;

    private static Address? AddressOf(string text) => Address.TryParse(text, out var address) && address is { Host: not null, Port: not null } ? address : null;

    private static Func<HttpContext, Task<IResult>> Guarded(bool isReadOnly, Func<HttpContext, Task<IResult>> change) =>
        isReadOnly ? static _ => throw new ProblemException(ReadOnly) : change;

    private static RouteHandlerBuilder Describe(RouteHandlerBuilder route, string id, string summary, string? field = null)
    {
        route.RequiresForChange(AccessLevel.Administer)
            .Describe(id, "Cluster", summary, $"{summary} Answers 405 while akka.management.http.route-providers-read-only is on, which is the default.")
            .Produces<MessageDocument>()
            .Produces<MessageDocument>(StatusCodes.Status400BadRequest)
            .Produces<MessageDocument>(StatusCodes.Status500InternalServerError)
            .Refuses(StatusCodes.Status405MethodNotAllowed);
        return field is null ? route : route.ReadsForm(field);
    }
}
