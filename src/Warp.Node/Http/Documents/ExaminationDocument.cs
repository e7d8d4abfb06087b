using System.Collections.Immutable;
using Warp.Node.Diagnosis;

namespace Warp.Node.Http.Documents;

/// <summary>What was found when a runner was looked at; see <see cref="Finding"/>.</summary>
internal sealed record ExaminationDocument(string Runner, ImmutableArray<Finding> Findings);

/// <summary>What was found at all runners, ordered by name; a runner that cannot be asked is there with a finding that says so.</summary>
internal sealed record ExaminationListDocument(ImmutableArray<ExaminationDocument> Runners);
