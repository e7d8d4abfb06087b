using System.Diagnostics;
using Shouldly;
using Warp.Node.Configuration;
using Warp.Node.Tests.Http;
using Xunit;

namespace Warp.Node.Tests.Cli.Completing;

/// <summary>The script in a real bash, which asks the real program, which asks a real management server.</summary>
public sealed class CompletionTests : IAsyncLifetime
{
    private readonly DeploymentBook _book = new();
    private ManagementBed _bed = null!;

    public async Task InitializeAsync()
    {
        _bed = await ManagementBed.StartAsync();
        _bed.Answer = _book.Answer;
        var file = _bed.Folder["shop.json"];
        await File.WriteAllTextAsync(file, """{ "name": "shop", "services": [ { "name": "app", "image": "a" }, { "name": "my db", "image": "d" } ] }""");
        (await WarpResult.RunAsync("deploy", file, "--data", _bed.Folder.Path)).Code.ShouldBe(ExitCode.Ok);
    }

    public async Task DisposeAsync() => await _bed.DisposeAsync();

    [Theory]
    [InlineData("warp roll", "rollback")]
    [InlineData("warp volume ", "create", "info", "list", "remove")]
    [InlineData("warp deploy --det", "--detach")]
    [InlineData("warp rollback sh", "shop")]
    [InlineData("warp logs shop/", "shop/app", "shop/my\\ db")]
    [InlineData("warp move shop/app r", "r1", "r2")]
    [InlineData("warp completion z", "zsh")]
    [InlineData("warp rollback nothing")]
    public async Task Bash_completes(string line, params string[] expected) => (await CompleteAsync(line)).ShouldBe(expected, ignoreOrder: true);

    [Fact]
    public async Task Each_shell_has_a_script_and_another_is_refused()
    {
        (await WarpResult.RunAsync("completion", "zsh")).Out.ShouldStartWith("#compdef warp");
        (await WarpResult.RunAsync("completion", "fish")).Out.ShouldContain("complete --command warp");
        (await WarpResult.RunAsync("completion", "csh")).Code.ShouldBe(ExitCode.Usage);
    }

    // What bash does when Tab is pressed at the end of the line.
    private async Task<string[]> CompleteAsync(string line)
    {
        var script = (await WarpResult.RunAsync("completion", "bash")).Out;
        var words = line.Split(' ');
        var test =
            $$"""
            {{script}}
            COMP_LINE='{{line}}'
            COMP_POINT={{line.Length}}
            COMP_WORDS=({{string.Join(' ', words.Select(word => $"'{word}'"))}})
            COMP_CWORD={{words.Length - 1}}
            _warp
            printf '%s\n' "${COMPREPLY[@]}"
            """;
        var start = new ProcessStartInfo("bash") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, ArgumentList = { "--noprofile", "--norc" } };
        start.Environment["PATH"] = $"{AppContext.BaseDirectory}:{start.Environment["PATH"]}";
        start.Environment[DataFolder.Variable] = _bed.Folder.Path;
        using var bash = Process.Start(start)!;
        await bash.StandardInput.WriteAsync(test);
        bash.StandardInput.Close();
        var output = await bash.StandardOutput.ReadToEndAsync();
        await bash.WaitForExitAsync();
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
