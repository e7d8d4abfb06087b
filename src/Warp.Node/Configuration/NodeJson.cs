using System.Text.Json.Serialization;

namespace Warp.Node.Configuration;

/// <summary>The JSON of <c>node.json</c>: unknown members are refused, so that a typing error does not pass in silence.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(NodeDescription))]
internal sealed partial class NodeJson : JsonSerializerContext;
