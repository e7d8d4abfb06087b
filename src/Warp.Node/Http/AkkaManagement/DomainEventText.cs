using System.Buffers;
using System.Text;
using System.Text.Json;
using Akka.Actor;
using Akka.Cluster;
using static Akka.Cluster.ClusterEvent;

namespace Warp.Node.Http.AkkaManagement;

/// <summary>The server-sent events of Akka Management: a line of compact JSON that repeats the type, a line with the type, an empty line.</summary>
internal static class DomainEventText
{
    /// <summary>The media type of server-sent events.</summary>
    public const string MediaType = "text/event-stream";

    /// <summary>The name of an event; null for those that are internal to Akka.</summary>
    public static string? TypeOf(IClusterDomainEvent happened) => happened switch
    {
        MemberJoined => nameof(MemberJoined),
        MemberWeaklyUp => nameof(MemberWeaklyUp),
        MemberUp => nameof(MemberUp),
        MemberLeft => nameof(MemberLeft),
        MemberExited => nameof(MemberExited),
        MemberDowned => nameof(MemberDowned),
        MemberRemoved => nameof(MemberRemoved),
        LeaderChanged => nameof(LeaderChanged),
        RoleLeaderChanged => nameof(RoleLeaderChanged),
        ClusterShuttingDown => nameof(ClusterShuttingDown),
        UnreachableMember => nameof(UnreachableMember),
        ReachableMember => nameof(ReachableMember),
        _ => null,
    };

    /// <summary>Writes an event that has a type.</summary>
    public static void Write(IBufferWriter<byte> body, IClusterDomainEvent happened)
    {
        var type = TypeOf(happened)!;
        body.Write("data:"u8);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            WriteContent(json, happened);
            json.WriteString("type", type);
            json.WriteEndObject();
        }

        body.Write("\nevent:"u8);
        Encoding.UTF8.GetBytes(type, body);
        body.Write("\n\n"u8);
    }

    /// <summary>Writes an event without content, which readers ignore.</summary>
    public static void WriteHeartbeat(IBufferWriter<byte> body) => body.Write("data:\n\n"u8);

    private static void WriteContent(Utf8JsonWriter json, IClusterDomainEvent happened)
    {
        switch (happened)
        {
            case MemberStatusChange change:
                WriteMember(json, change.Member);
                if (change is MemberRemoved removed)
                {
                    json.WriteString("previousStatus", removed.PreviousStatus.ToString());
                }

                break;
            case ReachabilityEvent reachability:
                WriteMember(json, reachability.Member);
                break;
            case LeaderChanged leader:
                WriteAddress(json, leader.Leader);
                break;
            case RoleLeaderChanged leader:
                json.WriteString("role", leader.Role);
                WriteAddress(json, leader.Leader);
                break;
            default:
                break;
        }
    }

    // Akka.NET knows no data centers: all members are in the one that Akka calls "default".
    private static void WriteMember(Utf8JsonWriter json, Member member)
    {
        json.WriteStartObject("member");
        json.WriteString("dataCenter", "default");
        json.WriteStartArray("roles");
        foreach (var role in member.Roles.Order(StringComparer.Ordinal))
        {
            json.WriteStringValue(role);
        }

        json.WriteEndArray();
        json.WriteString("status", member.Status.ToString());
        json.WriteStartObject("uniqueAddress");
        json.WriteString("address", member.Address.ToString());
        json.WriteNumber("longUid", member.UniqueAddress.Uid);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteAddress(Utf8JsonWriter json, Address? address)
    {
        if (address is not null)
        {
            json.WriteString("address", address.ToString());
        }
    }
}
