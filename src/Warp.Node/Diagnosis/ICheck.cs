using System.Collections.Immutable;

namespace Warp.Node.Diagnosis;

/// <summary>Looks at one thing. What is seen and what it means are kept apart: the meaning is a pure function that is tested alone.</summary>
internal interface ICheck
{
    /// <summary>What it looks at, in one word.</summary>
    string Name { get; }

    /// <summary>Looks.</summary>
    Task<ImmutableArray<Finding>> LookAsync(CancellationToken cancellationToken);
}
