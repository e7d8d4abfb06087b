using Shouldly;
using Warp.EndToEnd.Tests.Fixture;
using Xunit;

namespace Warp.EndToEnd.Tests.Deploying;

/// <summary>A volume belongs to its runner and outlives every container and every deployment that uses it.</summary>
[Collection(LabGroup.Name)]
public sealed class VolumeTests(LabFixture lab)
{
    private const string Configuration = """
        module.exports = {
          container: "keeper",
          image: "shop-app:latest",
          args: ["node", "-e", "require('fs').appendFileSync('/data/starts', 'x'); process.on('SIGTERM', () => process.exit()); require('http').createServer().listen(8080)"],
          volumes: { id: "kept", description: "one letter for each start", path: "/data", mode: "rw" },
          deployment: { public: false },
        };
        """;

    [Fact]
    public async Task A_service_goes_where_its_volume_is_and_finds_it_again_after_everything()
    {
        using var folders = new ServiceFolders(lab.Lab);
        var folder = folders.Add("keeper", ("warp.config.js", Configuration));
        (await lab.R1.WarpAsync("volume", "create", "kept", "--runner", "r2")).Ensure();
        try
        {
            (await lab.R1.WarpAsync("deploy", folder, "--name", "volumes")).Ensure();
            (await lab.R1.WarpAsync("exec", "volumes/keeper", "--", "cat", "/data/starts")).Ensure().Output.ShouldBe("x");
            (await lab.R1.WarpAsync("restart", "volumes/keeper")).Ensure();
            (await lab.R1.WarpAsync("exec", "volumes/keeper", "--", "cat", "/data/starts")).Ensure().Output.ShouldBe("xx");

            var move = await lab.R1.WarpAsync("move", "volumes/keeper", "r1");
            move.ExitCode.ShouldNotBe(0);
            move.Error.ShouldContain("kept");
            (await lab.R1.WarpAsync("volume", "remove", "kept")).ExitCode.ShouldNotBe(0, "it is in use");

            (await lab.R1.WarpAsync("remove", "volumes")).Ensure();
            (await lab.R1.WarpAsync("deploy", folder, "--name", "volumes")).Ensure();
            (await lab.R2.WarpAsync("exec", "volumes/keeper", "--", "cat", "/data/starts")).Ensure().Output.ShouldBe("xxx");
            (await lab.R1.WarpAsync("exec", "volumes/keeper", "--", "sh", "-c", "exit 7")).ExitCode.ShouldBe(7);
        }
        finally
        {
            await lab.R1.WarpAsync("remove", "volumes");
            (await lab.R1.WarpAsync("volume", "remove", "kept", "--runner", "r2")).Ensure();
        }

        (await lab.R1.WarpAsync("volume", "list")).Ensure().Output.ShouldNotContain("kept");
    }
}
