using Shouldly;
using Warp.EndToEnd.Tests.Fixture;
using Warp.Lab;
using Warp.Lab.Deployments;
using Xunit;

namespace Warp.EndToEnd.Tests.Traffic;

/// <summary>What Warp is for: a Node.js program reads from PostgreSQL through <c>WARP_IST_db</c> on a port that nobody declared.</summary>
[Collection(LabGroup.Name)]
public sealed class SeedScenarioTests(LabFixture lab)
{
    [Theory]
    [InlineData(Placement.OneRunner)]
    [InlineData(Placement.TwoRunners)]
    public async Task App_reads_rows_from_db_with_nothing_configured(Placement placement)
    {
        await using var shop = await LabDeployment.StartAsync(
            lab.Lab,
            $"shop-{placement}".ToLowerInvariant(),
            new LabService("app", "shop-app:latest", "r1"),
            new LabService("db", "shop-db:latest", placement == Placement.OneRunner ? "r1" : "r2"));

        // db lets app in by its name (pg_hba.conf): the rows also show that PostgreSQL sees the caller's own address.
        var app = await shop.ContainerAsync("app");
        // The rows follow the line that counts them, so the wait is for the last thing that app says.
        var logs = await Poll.UntilAsync("app has read its rows", TimeSpan.FromSeconds(60), async () =>
        {
            var logs = (await app.Runner.DockerAsync("logs", app.Id)).Output;
            return logs.Contains("3 | ", StringComparison.Ordinal) ? logs : null;
        });
        logs.ShouldContain("read 3 rows from db");
        logs.ShouldContain("1 | warp-and-weft scarf | 39.00");
    }
}
