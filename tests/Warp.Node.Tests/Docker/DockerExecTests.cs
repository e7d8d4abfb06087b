using System.Text;
using Shouldly;
using Warp.Cluster.Containers;
using Warp.Cluster.Specs;
using Warp.Node.Runners;
using Xunit;

namespace Warp.Node.Tests.Docker;

[Collection(EngineCollection.Name)]
public sealed class DockerExecTests(PrivateEngine engine) : EngineTestBase(engine)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Output_and_errors_come_apart_and_then_the_exit_code()
    {
        var container = await RunAsync(await PlanAsync("app", "sleep 1000"));
        await using var session = Value(await Exec.OpenAsync(container.ContainerId, new ExecRequest(["sh", "-c", "echo out; echo err >&2; exit 3"], Tty: false, Input: false), default));

        var (output, errors) = await ReadAsync(session);

        output.ShouldBe("out\n");
        errors.ShouldBe("err\n");
        (await ExitCodeAsync(session)).ShouldBe(3);
    }

    [Fact]
    public async Task What_is_written_is_read_and_the_end_of_the_input_is_seen()
    {
        var container = await RunAsync(await PlanAsync("app", "sleep 1000"));
        await using var session = Value(await Exec.OpenAsync(container.ContainerId, new ExecRequest(["wc", "-c"], Tty: false, Input: true), default));

        await session.WriteAsync(new byte[100_000], default);
        session.CloseInput();

        (await ReadAsync(session)).Output.Trim().ShouldBe("100000");
        (await ExitCodeAsync(session)).ShouldBe(0);
    }

    [Fact]
    public async Task A_terminal_has_a_size()
    {
        var container = await RunAsync(await PlanAsync("app", "sleep 1000"));
        await using var session = Value(await Exec.OpenAsync(container.ContainerId, new ExecRequest(["sh", "-c", "read go; test -t 0 && echo terminal"], Tty: true, Input: true), default));
        await session.ResizeAsync(100, 40, default);
        await session.WriteAsync("\n"u8.ToArray(), default);

        (await ReadAsync(session)).Output.ShouldContain("terminal");
    }

    [Fact]
    public async Task A_program_that_is_not_there_ends_with_127_or_is_refused()
    {
        var container = await RunAsync(await PlanAsync("app", "sleep 1000"));
        var opened = await Exec.OpenAsync(container.ContainerId, new ExecRequest(["nowhere"], Tty: false, Input: false), default);
        if (opened.Failure is { } failure)
        {
            failure.Message.ShouldContain("nowhere");
            return;
        }

        await using var session = opened.Value!;
        var (output, _) = await ReadAsync(session);
        output.ShouldContain("nowhere");
        (await ExitCodeAsync(session)).ShouldBeOneOf(126, 127);
    }

    [Fact]
    public async Task A_container_that_is_gone_is_not_found() =>
        (await Exec.OpenAsync("0123456789abcdef", new ExecRequest(["true"], Tty: false, Input: false), default)).Failure!.Kind.ShouldBe(RuntimeFailureKind.NotFound);

    [Theory]
    [InlineData("echo fine", true, "ended with exit code 0: fine")]
    [InlineData("echo one >&2; echo two >&2; exit 4", false, "ended with exit code 4: two")]
    public async Task A_health_command_is_judged_by_its_exit_code_and_its_last_line_says_why(string script, bool well, string seen)
    {
        var container = await RunAsync(await PlanAsync("app", "sleep 1000"));
        using var probe = new HealthProbe(Exec);

        var result = await probe.ProbeAsync(new ProbeTarget(container.ContainerId, container.Address), new Probe(HealthCheckKind.Command, 0, "", ["sh", "-c", script]), s_limit, default);

        result.Well.ShouldBe(well);
        result.Seen.ShouldEndWith(seen);
    }

    [Fact]
    public async Task A_health_command_that_takes_too_long_has_failed()
    {
        var container = await RunAsync(await PlanAsync("app", "sleep 1000"));
        using var probe = new HealthProbe(Exec);

        var result = await probe.ProbeAsync(
            new ProbeTarget(container.ContainerId, container.Address), new Probe(HealthCheckKind.Command, 0, "", ["sleep", "1000"]), TimeSpan.FromMilliseconds(500), default);

        result.ShouldBe(new ProbeResult(false, "the command 'sleep 1000' did not answer within 0.5 s"));
    }

    private static async Task<(string Output, string Errors)> ReadAsync(IExecSession session)
    {
        var (output, errors) = (new StringBuilder(), new StringBuilder());
        var buffer = new byte[4096];
        while (await session.ReadAsync(buffer, default).WaitAsync(s_limit) is { Count: > 0 } piece)
        {
            (piece.Error ? errors : output).Append(Encoding.UTF8.GetString(buffer, 0, piece.Count));
        }

        return (output.ToString(), errors.ToString());
    }

    private static Task<int?> ExitCodeAsync(IExecSession session) => UntilAsync(() => session.ExitCodeAsync(default), code => code is not null);
}
