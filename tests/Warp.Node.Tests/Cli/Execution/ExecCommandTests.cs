using System.Security.Cryptography;
using Shouldly;
using Warp.Cluster.Containers;
using Warp.Cluster.Protocol;
using Warp.Node.Cli;
using Warp.Node.Configuration;
using Warp.Node.Tests.Http;
using Xunit;

namespace Warp.Node.Tests.Cli.Execution;

/// <summary>A command line that runs a program, through a real management server.</summary>
public sealed class ExecCommandTests : IAsyncLifetime
{
    private readonly ScriptedExec _exec = new();
    private ManagementBed _bed = null!;

    public async Task InitializeAsync()
    {
        _bed = await ManagementBed.StartAsync();
        _bed.Answer = message => message is GetDeployment ? Views.Deployment() : null;
        _bed.Exec = _exec;
    }

    public async Task DisposeAsync() => await _bed.DisposeAsync();

    [Fact]
    public async Task Input_output_errors_and_the_exit_code_are_those_of_the_program()
    {
        var bytes = RandomNumberGenerator.GetBytes(200_000);
        using var input = new MemoryStream(bytes);
        using var output = new MemoryStream();
        using var error = new MemoryStream();

        var code = await ExecAsync(new StandardStreams(input, output, error, Terminal: false), "shop/app", "--", "sh", "-c", "cat && exit 7");

        code.ShouldBe(7);
        output.ToArray().ShouldBe(bytes);
        error.ToArray().ShouldBe("oops\n"u8.ToArray());
        _exec.Asked!.Command.ShouldBe(["sh", "-c", "cat && exit 7"]);
        _exec.Asked.Tty.ShouldBeFalse();
    }

    [Fact]
    public async Task What_cannot_be_started_is_said_in_the_nodes_words()
    {
        _exec.Failure = new RuntimeFailure(RuntimeFailureKind.Rejected, "there is no program 'nothing' in the container");

        var result = await WarpResult.RunAsync("exec", "shop/app", "--data", _bed.Folder.Path, "--", "nothing");

        result.Code.ShouldBe(ExitCode.Conflict);
        result.Error.ShouldContain("there is no program 'nothing' in the container");
    }

    [Fact]
    public async Task Only_an_administrator_runs_a_program_though_it_begins_with_GET()
    {
        using var runner = _bed.Client(_bed.Runner("beta"));

        await (await runner.GetAsync("/warp/v1/deployments/shop/services/app/exec?command=ls")).ProblemAsync(System.Net.HttpStatusCode.Forbidden, "role-missing");
    }

    private async Task<int> ExecAsync(StandardStreams streams, params string[] line)
    {
        using var @out = new StringWriter();
        using var error = new StringWriter();
        var code = await CommandLine.RunAsync(["exec", "--data", _bed.Folder.Path, .. line], new CommandOutput(@out, error, redirected: true) { Streams = () => streams });
        error.ToString().ShouldBeEmpty();
        return code;
    }
}
