using System.Collections.Immutable;
using Warp.Node.Diagnosis;

namespace Warp.Node.Http.Documents;

/// <summary>Where the way from one service to another ends.</summary>
/// <param name="From">The caller, as deployment/service.</param>
/// <param name="To">The target, as deployment/service:port.</param>
/// <param name="Works">Whether a connection was opened just now.</param>
/// <param name="Steps">In the order of a call.</param>
internal sealed record ExplanationDocument(string From, string To, bool Works, ImmutableArray<Finding> Steps);
