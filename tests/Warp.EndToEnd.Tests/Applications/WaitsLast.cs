using Xunit.Abstractions;
using Xunit.Sdk;

namespace Warp.EndToEnd.Tests.Applications;

/// <summary>The tests of a class that await what its fixture began come after those that have something to do meanwhile.</summary>
public sealed class WaitsLast : ITestCaseOrderer
{
    /// <summary>The trait of such a test.</summary>
    public const string Trait = "awaits";

    /// <summary>The type's name, for the attribute.</summary>
    public const string TypeName = "Warp.EndToEnd.Tests.Applications.WaitsLast";

    /// <summary>The assembly's name, for the attribute.</summary>
    public const string AssemblyName = "Warp.EndToEnd.Tests";

    /// <inheritdoc/>
    public IEnumerable<TTestCase> OrderTestCases<TTestCase>(IEnumerable<TTestCase> testCases)
        where TTestCase : ITestCase => testCases.OrderBy(test => test.Traits.ContainsKey(Trait));
}
