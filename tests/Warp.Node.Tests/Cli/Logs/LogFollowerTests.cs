using Shouldly;
using Warp.Cluster.Protocol;
using Warp.Node.Cli;
using Warp.Node.Configuration;
using Warp.Node.Tests.Http;
using Xunit;

namespace Warp.Node.Tests.Cli.Logs;

/// <summary>A real command line that follows scripted output through a real management server.</summary>
public sealed class LogFollowerTests : IAsyncLifetime, IDisposable
{
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();
    private ManagementBed _bed = null!;

    public async Task InitializeAsync()
    {
        _bed = await ManagementBed.StartAsync();
        _bed.Answer = _ => Generation(1);
    }

    public async Task DisposeAsync()
    {
        await _bed.DisposeAsync();
        Dispose();
    }

    public void Dispose()
    {
        _out.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task Following_goes_on_with_the_successor_and_says_so_until_the_service_is_gone()
    {
        var following = FollowAsync("--tail", "5");
        _bed.Logs.Write("old");
        await Eventually.Is(() => Written(_out).Contains("old", StringComparison.Ordinal), "the first line is there");

        _bed.Answer = _ => Generation(2);
        _bed.Logs.Replace();
        _bed.Logs.Write("new");
        await Eventually.Is(() => Written(_out).Contains("new", StringComparison.Ordinal), "the successor's line is there");
        _bed.Answer = _ => new DeploymentNotFound(Views.Shop);
        _bed.Logs.Replace();

        (await following).ShouldBe(ExitCode.Ok);
        Written(_out).ShouldBe("old\nnew\n");
        Written(_error).ShouldContain("app was replaced: the output of its generation 2 on alpha follows.");
        Written(_error).ShouldEndWith("shop/app is gone.\n");
        _bed.Logs.Asked!.Value.Query.Tail.ShouldBeNull();
    }

    [Fact]
    public async Task A_container_that_is_started_again_is_followed_without_a_line_twice()
    {
        var following = FollowAsync();
        _bed.Logs.Write("one", second: 1);
        _bed.Logs.Write("two", second: 2);
        await Eventually.Is(() => Written(_out).Contains("two", StringComparison.Ordinal), "the first lines are there");

        // The engine gives the lines of the last second again.
        _bed.Logs.Replace();
        _bed.Logs.Write("two", second: 2);
        _bed.Logs.Write("three", second: 2);
        await Eventually.Is(() => Written(_out).Contains("three", StringComparison.Ordinal), "the next line is there");
        _bed.Answer = _ => new DeploymentNotFound(Views.Shop);
        _bed.Logs.Replace();

        (await following).ShouldBe(ExitCode.Ok);
        Written(_out).ShouldBe("one\ntwo\nthree\n");
        _bed.Logs.Asked!.Value.Query.Since.ShouldBe(DateTimeOffset.UnixEpoch.AddSeconds(2));
    }

    [Fact]
    public async Task An_engine_that_was_lost_is_waited_for()
    {
        var following = FollowAsync();
        _bed.Logs.Write("before");
        await Eventually.Is(() => Written(_out).Contains("before", StringComparison.Ordinal), "the first line is there");

        _bed.Logs.Close(new IOException("the engine went away"));
        await Eventually.Is(() => Written(_error).Contains("broke off", StringComparison.Ordinal), "the loss is said");
        _bed.Answer = _ => new DeploymentNotFound(Views.Shop);

        (await following).ShouldBe(ExitCode.Ok);
    }

    private async Task<ExitCode> FollowAsync(params string[] more) => (ExitCode)await CommandLine.RunAsync(
        ["logs", "shop/app", "--follow", .. more, "--data", _bed.Folder.Path],
        new CommandOutput(TextWriter.Synchronized(_out), TextWriter.Synchronized(_error), redirected: true));

    private static string Written(StringWriter writer) => writer.ToString();

    private static DeploymentView Generation(long generation)
    {
        var view = Views.Deployment();
        var service = view.Services[0];
        var instance = service.Instances[0];
        return view with
        {
            Services = [service with { Instances = [instance with { Generation = generation, Observed = instance.Observed! with { Instance = instance.Observed.Instance with { Generation = generation } } }] }],
        };
    }
}
