using System.Threading.Channels;
using Akka.Actor;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;
using Warp.Cluster.Membership;
using Warp.Node.Http.Access;
using Warp.Node.Http.OpenApi;
using static Akka.Cluster.ClusterEvent;

namespace Warp.Node.Http.AkkaManagement;

/// <summary>
/// Akka Management's stream of what happens in the cluster, as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). It begins with the present state as events.
/// A reader that falls behind by <see cref="Buffer"/> events is cut off, and connects again.
/// </summary>
internal static class DomainEventEndpoints
{
    private const int Buffer = 128;
    private static readonly TimeSpan HeartbeatEvery = TimeSpan.FromSeconds(10);

    public static void Map(IEndpointRouteBuilder routes, IClusterAccess access) => routes
        .MapGet("/cluster/domain-events", (HttpContext context, CancellationToken _) => AkkaAnswers.WithAsync(access, cluster => StreamAsync(context, cluster.System)))
        .Requires(AccessLevel.Read)
        .Describe("watchCluster", "Cluster", "What happens in the cluster, as server-sent events in the form of Akka Management.", "Begins with the present state as events, and does not end. An empty event every 10 s shows that it lives.")
        .Takes("type", ParameterLocation.Query, Described.Text(), "Only events of this type, or of this group (ClusterDomainEvent, MemberEvent, ReachabilityEvent); may be repeated.", "MemberUp")
        .Produces<string>(StatusCodes.Status200OK, DomainEventText.MediaType)
        .Produces<MessageDocument>(StatusCodes.Status500InternalServerError);

    private static async Task<IResult> StreamAsync(HttpContext context, ActorSystem system)
    {
        var events = Channel.CreateBounded<IClusterDomainEvent>(Buffer);
        var subscriber = system.ActorOf(ClusterEventsActor.Props(events.Writer));
        try
        {
            context.Response.ContentType = DomainEventText.MediaType;
            context.Response.Headers.CacheControl = "no-store";
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
            await WriteAsync(context, events.Reader, new DomainEventFilter(context.Request.Query["type"]));
        }
        catch (Exception failure) when (failure is ClusterEventsOverflowException or OperationCanceledException)
        {
            context.Abort();
        }
        finally
        {
            system.Stop(subscriber);
        }

        return Results.Empty;
    }

    private static async Task WriteAsync(HttpContext context, ChannelReader<IClusterDomainEvent> events, DomainEventFilter filter)
    {
        var body = context.Response.BodyWriter;
        while (await MoreAsync(events, context.RequestAborted) is { } more)
        {
            if (!more)
            {
                DomainEventText.WriteHeartbeat(body);
            }

            while (events.TryRead(out var happened))
            {
                if (filter.Lets(happened))
                {
                    DomainEventText.Write(body, happened);
                }
            }

            await body.FlushAsync(context.RequestAborted);
        }
    }

    // True: there are events. False: none came for long. Null: none will come.
    private static async Task<bool?> MoreAsync(ChannelReader<IClusterDomainEvent> events, CancellationToken cancellationToken)
    {
        using var heartbeat = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        heartbeat.CancelAfter(HeartbeatEvery);
        try
        {
            return await events.WaitToReadAsync(heartbeat.Token) ? true : null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
