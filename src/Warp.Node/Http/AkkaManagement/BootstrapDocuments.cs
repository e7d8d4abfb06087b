using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Akka.Actor;
using Akka.Cluster;

namespace Warp.Node.Http.AkkaManagement;

/// <summary>Who answers (in Pascal case, as the .NET client expects), and whom a node may join; empty while the one who answers leaves the cluster.</summary>
internal sealed record SeedNodesDocument(
    [property: JsonPropertyName("SelfNode")] NodeAddressDocument SelfNode, [property: JsonPropertyName("Nodes")] ImmutableArray<SeedNodeDocument> Nodes);

/// <summary>A member; <paramref name="Status"/> is the number of Akka.NET's enumeration.</summary>
internal sealed record SeedNodeDocument(
    [property: JsonPropertyName("Node")] NodeAddressDocument Node,
    [property: JsonPropertyName("NodeUid")] int NodeUid,
    [property: JsonPropertyName("Status")] int Status,
    [property: JsonPropertyName("Roles")] ImmutableArray<string> Roles)
{
    public static SeedNodeDocument From(Member member) => new(
        NodeAddressDocument.From(member.Address), member.UniqueAddress.Uid, (int)member.Status, [.. member.Roles.Order(StringComparer.Ordinal)]);
}

/// <summary>The address of a node in its parts.</summary>
internal sealed record NodeAddressDocument(
    [property: JsonPropertyName("Host")] string? Host,
    [property: JsonPropertyName("Port")] int? Port,
    [property: JsonPropertyName("System")] string System,
    [property: JsonPropertyName("Protocol")] string Protocol,
    [property: JsonPropertyName("HasLocalScope")] bool HasLocalScope,
    [property: JsonPropertyName("HasGlobalScope")] bool HasGlobalScope)
{
    public static NodeAddressDocument From(Address address) => new(address.Host, address.Port, address.System, address.Protocol, address.HasLocalScope, address.HasGlobalScope);
}

/// <summary>The answer while there is no cluster.</summary>
internal sealed record BootstrapErrorDocument(BootstrapReasonDocument Error, int Code, string Message)
{
    private const string Unavailable = "Clustering is not available";

    public static BootstrapErrorDocument NotAvailable { get; } = new(new BootstrapReasonDocument("not available", Unavailable), 503, Unavailable);
}

/// <summary>Why.</summary>
internal sealed record BootstrapReasonDocument(string Reason, string Message);
