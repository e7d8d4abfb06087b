using System.Text.Json;
using System.Text.Json.Serialization;

namespace Warp.Node.Http.Documents;

/// <summary>Asks for a service to run on another runner.</summary>
/// <param name="Runner">The runner's name.</param>
internal sealed record MoveRequest(string Runner);

/// <summary>Asks for so many instances of a service.</summary>
/// <param name="Replicas">1 to 100.</param>
internal sealed record ScaleRequest(int Replicas)
{
    /// <summary>The most that a service can have.</summary>
    public const int Most = 100;
}

/// <summary>Asks for an earlier revision to be taken up again.</summary>
/// <param name="Revision">One of the deployment's history; null: the last that was rolled out completely before the present one.</param>
internal sealed record RollbackRequest(long? Revision = null);

/// <summary>How the bodies of changes are read: strictly, so that a misspelt field is refused and not left aside.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(MoveRequest))]
[JsonSerializable(typeof(ScaleRequest))]
[JsonSerializable(typeof(RollbackRequest))]
[JsonSerializable(typeof(DrainRequest))]
internal sealed partial class RequestJson : JsonSerializerContext;
