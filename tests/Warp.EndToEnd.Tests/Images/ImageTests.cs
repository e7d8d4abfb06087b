using Shouldly;
using Warp.EndToEnd.Tests.Fixture;
using Warp.Lab;
using Xunit;

namespace Warp.EndToEnd.Tests.Images;

/// <summary>Images that Warp builds, and logins at registries, as a user meets them.</summary>
[Collection(LabGroup.Name)]
public sealed class ImageTests(LabFixture lab) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("warp-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_folder_is_built_on_one_runner_and_its_image_follows_the_service_to_another()
    {
        await WriteAsync("Dockerfile", "FROM shop-app:latest\nCOPY note /note\nRUN test \"$(cat /note)\" = woven\nCOPY serve.js /serve.js\nCMD [\"node\", \"/serve.js\"]\n");
        await WriteAsync("note", "woven\n");
        await WriteAsync("serve.js", "console.log(require('fs').readFileSync('/note', 'utf8')); process.on('SIGTERM', () => process.exit()); require('http').createServer().listen(8080);\n");

        var deployed = await lab.R2.WarpAsync("deploy", _folder, "--name", "built", "--runner", $"{Path.GetFileName(_folder)}=r1");
        deployed.ExitCode.ShouldBe(0, deployed.Output + deployed.Error);
        (await ImagesAsync(lab.R1)).ShouldContain("warp.build/built/");
        (await ImagesAsync(lab.R2)).ShouldNotContain("warp.build/built/");

        var moved = await lab.R1.WarpAsync("move", $"built/{Path.GetFileName(_folder)}", "r2");
        moved.ExitCode.ShouldBe(0, moved.Output + moved.Error);
        (await ImagesAsync(lab.R2)).ShouldContain("warp.build/built/");
        (await lab.R1.WarpAsync("logs", $"built/{Path.GetFileName(_folder)}")).Output.ShouldContain("woven");

        (await lab.R1.WarpAsync("remove", "built")).Ensure();
    }

    [Fact]
    public async Task A_build_that_fails_shows_the_step_and_leaves_no_deployment()
    {
        await WriteAsync("Dockerfile", "FROM shop-app:latest\nRUN echo the cause; exit 7\n");

        var failed = await lab.R1.WarpAsync("deploy", _folder, "--name", "unbuilt");

        failed.ExitCode.ShouldNotBe(0);
        (failed.Output + failed.Error).ShouldContain("RUN echo the cause; exit 7");
        (failed.Output + failed.Error).ShouldContain("non-zero code: 7");
        (await lab.R1.WarpAsync("ps")).Ensure().Output.ShouldNotContain("unbuilt");
    }

    [Fact]
    public async Task A_login_that_is_given_on_one_node_reaches_every_runner_and_lies_nowhere_in_clear()
    {
        const string Password = "warp-and-weft-4711";
        var login = await lab.R2.Machine.RunAsync(
            ["sh", "-c", $"printf %s {Password} | \"$@\"", "sh", .. lab.R2.Node.Program, "registry", "login", "registry.test:5000", "--username", "weaver", "--password-stdin"], TimeSpan.FromMinutes(1));
        login.ExitCode.ShouldBe(0, login.Output + login.Error);

        (await lab.R1.WarpAsync("registry", "list")).Ensure().Output.ShouldContain("weaver");
        foreach (var runner in lab.Lab.Runners)
        {
            await Poll.UntilAsync($"the login on {runner.Name}", TimeSpan.FromSeconds(30), async () =>
                File.Exists(Kept(runner)) && (await File.ReadAllTextAsync(Kept(runner))).Contains("registry.test:5000", StringComparison.Ordinal));
            foreach (var file in Directory.EnumerateFiles(runner.Node.DataFolder, "*", SearchOption.AllDirectories).Append(runner.Node.LogFile).Where(File.Exists).Where(file => !file.EndsWith(".sock", StringComparison.Ordinal) && !file.EndsWith("/lock", StringComparison.Ordinal)))
            {
                (await File.ReadAllBytesAsync(file)).AsSpan().IndexOf("warp-and-weft-4711"u8).ShouldBe(-1, file);
            }
        }

        (await lab.R1.WarpAsync("registry", "logout", "registry.test:5000")).Ensure();
        (await lab.R2.WarpAsync("registry", "list")).Ensure().Output.ShouldNotContain("weaver");
    }

    private static string Kept(LabRunner runner) => Path.Combine(runner.Node.DataFolder, "state/registry-logins.json");

    private static async Task<string> ImagesAsync(LabRunner runner) => (await runner.DockerAsync("images", "--format", "{{.Repository}}:{{.Tag}}")).Ensure().Output;

    private Task WriteAsync(string name, string content) => File.WriteAllTextAsync(Path.Combine(_folder, name), content);
}
