using Microsoft.AspNetCore.Http;
using Warp.Cluster.Containers;

namespace Warp.Node.Http.Endpoints;

/// <summary>The query of a request for logs: <c>follow</c>, <c>tail</c>, <c>since</c>, <c>ordinal</c>.</summary>
/// <param name="Log">Which part of the output.</param>
/// <param name="Ordinal">Of which replica, from 0.</param>
internal sealed record LogRequest(LogQuery Log, int Ordinal)
{
    /// <exception cref="ProblemException">A value cannot be read.</exception>
    public static LogRequest Parse(IQueryCollection query) =>
        new(new LogQuery(QueryValues.Flag(query, "follow"), QueryValues.Number(query, "tail"), QueryValues.Time(query, "since")), QueryValues.Number(query, "ordinal") ?? 0);
}
