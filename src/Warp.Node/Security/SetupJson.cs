using System.Text.Json.Serialization;

namespace Warp.Node.Security;

/// <summary>The JSON of bundles and of the record of issue: unknown members are refused, so that a typing error does not pass in silence.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(RunnerBundle))]
[JsonSerializable(typeof(IssuedRunners))]
[JsonSerializable(typeof(JoinTokenBook))]
internal sealed partial class SetupJson : JsonSerializerContext;
