using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Warp.Node.Http.Documents;

namespace Warp.Node.Http.AkkaManagement;

/// <summary>How the routes of Akka Management answer: its documents as they are, never a problem document.</summary>
internal static class AkkaAnswers
{
    /// <summary>Asks the cluster; 500 while this node is in none.</summary>
    public static IResult With(IClusterAccess access, Func<Akka.Cluster.Cluster, IResult> answer) =>
        Find(access) is { } cluster ? answer(cluster) : NotInCluster();

    /// <inheritdoc cref="With(IClusterAccess, Func{Akka.Cluster.Cluster, IResult})"/>
    public static async Task<IResult> WithAsync(IClusterAccess access, Func<Akka.Cluster.Cluster, Task<IResult>> answer) =>
        Find(access) is { } cluster ? await answer(cluster) : NotInCluster();

    /// <summary>The running cluster; null while there is none.</summary>
    public static Akka.Cluster.Cluster? Find(IClusterAccess access) =>
        access.Current is { } current && Akka.Cluster.Cluster.Get(current.System) is { IsTerminated: false } cluster ? cluster : null;

    /// <summary>The short answer of these routes.</summary>
    public static JsonHttpResult<MessageDocument> Message(string text, int status = StatusCodes.Status200OK) => Json(new MessageDocument(text), ManagementJson.Default.MessageDocument, status);

    /// <summary>Akka Management says "application/json" without a charset.</summary>
    public static JsonHttpResult<T> Json<T>(T document, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK) => TypedResults.Json(document, type, "application/json", status);

    private static JsonHttpResult<MessageDocument> NotInCluster() => Message("This node is not in the cluster at the moment", StatusCodes.Status500InternalServerError);
}
