using System.Text.Json.Serialization;
using Warp.Cluster.Protocol;

namespace Warp.Node.Configuration;

/// <summary>The JSON of <c>node.json</c> and <c>members.json</c>: unknown members are refused, so that a typing error does not pass in silence.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(NodeDescription))]
[JsonSerializable(typeof(NodeEndpoint[]))]
internal sealed partial class NodeJson : JsonSerializerContext;
