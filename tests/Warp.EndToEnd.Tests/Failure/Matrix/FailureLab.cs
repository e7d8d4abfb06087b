using Warp.EndToEnd.Tests.Fixture;
using Xunit;

namespace Warp.EndToEnd.Tests.Failure.Matrix;

/// <summary>A lab to be broken: r1 is the only control node and serves nothing, r2 and r3 serve. A lost runner's services are placed elsewhere soon.</summary>
public sealed class FailureLab : LabFixture
{
    private Witnesses? _witnesses;

    /// <summary>What watches the lab.</summary>
    public Witnesses Witnesses => _witnesses!;

    /// <inheritdoc/>
    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        _witnesses = await Witnesses.StartAsync(Lab);
    }

    /// <inheritdoc/>
    public override async Task DisposeAsync()
    {
        if (_witnesses is not null)
        {
            await _witnesses.DisposeAsync();
        }

        await base.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Settings => ["WARP__CLUSTER__RUNNER_GRACE=20s", "AKKA__MANAGEMENT__HTTP__ROUTE_PROVIDERS_READ_ONLY=off"];

    /// <inheritdoc/>
    protected override int Runners => 3;
}

/// <summary>One lab for all failures; they come one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class FailureGroup : ICollectionFixture<FailureLab>
{
    public const string Name = "failures";
}
