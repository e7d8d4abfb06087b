using Shouldly;
using Warp.EndToEnd.Tests.Fixture;
using Warp.Lab;
using Warp.Lab.Images;
using Xunit;

namespace Warp.EndToEnd.Tests.Management;

/// <summary>The command line as a user types it.</summary>
[Collection(LabGroup.Name)]
public sealed class CommandLineTests(LabFixture lab)
{
    private static readonly string Shop = Path.Combine(ImageArchives.Repository, "examples/shop");

    [Fact]
    public async Task A_deployment_comes_up_is_seen_speaks_and_goes_away()
    {
        var deployed = await lab.R1.WarpAsync("deploy", $"{Shop}/app", $"{Shop}/db", "--name", "cli-shop", "--runner", "app=r1", "--runner", "db=r2");
        deployed.ExitCode.ShouldBe(0, deployed.Output + deployed.Error);

        // Each command is answered by any node, whoever hosts what.
        foreach (var runner in lab.Lab.Runners)
        {
            (await runner.WarpAsync("ps")).Ensure().Output.ShouldContain("cli-shop");
            (await runner.WarpAsync("runners")).Ensure().Output.ShouldContain("r2");
            await Poll.UntilAsync($"the rows in the logs, asked on {runner.Name}", TimeSpan.FromSeconds(30), async () =>
                (await runner.WarpAsync("logs", "cli-shop/app")).Output.Contains("warp-and-weft scarf", StringComparison.Ordinal));
        }

        // The caller's runner counts, and any node tells.
        await Poll.UntilAsync("who talks to whom", TimeSpan.FromSeconds(30), async () =>
            (await lab.R2.WarpAsync("flows", "--json")).Ensure().Output.Contains("\"runner\":\"r1\",\"deployment\":\"cli-shop\",\"caller\":\"app\",\"target\":\"db\",\"port\":3211,", StringComparison.Ordinal));

        var removed = await lab.R2.WarpAsync("remove", "cli-shop");
        removed.ExitCode.ShouldBe(0, removed.Output + removed.Error);
        (await lab.R1.WarpAsync("ps")).Ensure().Output.ShouldNotContain("cli-shop");
    }

    [Fact]
    public async Task A_deployment_that_cannot_come_up_ends_with_its_cause()
    {
        var folder = Directory.CreateTempSubdirectory("warp-test-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "warp.config.json"), """{"container":"a","image":{"name":"localhost:1/nothing:1"}}""");

        var result = await lab.R1.WarpAsync("deploy", folder, "--name", "cli-bad", "--timeout", "20");

        result.ExitCode.ShouldNotBe(0);
        (result.Output + result.Error).ShouldContain("localhost:1/nothing:1");
        await lab.R1.WarpAsync("remove", "cli-bad");
        Directory.Delete(folder, recursive: true);
    }
}
