using System.Text.Json.Serialization;
using Warp.Node.Security;

namespace Warp.Node.Configuration;

/// <summary>The JSON files of a data folder and the bundle: unknown members are refused, so that a typing error does not pass in silence.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(NodeDescription))]
[JsonSerializable(typeof(RunnerBundle))]
[JsonSerializable(typeof(IssuedRunners))]
internal sealed partial class SetupJson : JsonSerializerContext;
