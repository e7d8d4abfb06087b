using Docker.DotNet.Models;
using Shouldly;
using Warp.Node.Configuration;
using Warp.Node.Docker;
using Warp.Node.Images.Builds;
using Warp.Node.Tests.Docker;
using Warp.Node.Tests.Http;
using Xunit;

namespace Warp.Node.Tests.Images.Builds;

[Collection(EngineCollection.Name)]
public sealed class ImageBuilderTests(PrivateEngine engine) : BuildBed(engine)
{
    private const string Base = $"FROM {PrivateEngine.Image}\n";

    [Theory]
    [InlineData("beta")]
    [InlineData(null)]
    public async Task A_folder_sent_to_any_node_becomes_an_image_on_the_runner(string? runner)
    {
        Write("Dockerfile", Base + "COPY greeting /\nRUN cat /greeting\n");
        Write("greeting", $"hello from {runner}\n");

        var events = await BuildAsync(runner, "données 1");

        events.OfType<BuildStep>().Select(step => (step.Number, step.Of, step.Command)).ShouldBe([(1, 3, $"FROM {PrivateEngine.Image}"), (2, 3, "COPY greeting /"), (3, 3, "RUN cat /greeting")]);
        events.OfType<BuildLine>().Select(line => line.Text).ShouldBe([$"hello from {runner}"]);
        var done = events[^1].ShouldBeOfType<BuildDone>();
        done.Image.ShouldBe($"warp.build/shop/xn--donnes-1-e1a:{done.Id["sha256:".Length..][..12]}");
        done.Runner.ShouldBe("beta");
        (await Engine.Client.Images.InspectImageAsync(done.Image)).ID.ShouldBe(done.Id);
    }

    [Fact]
    public async Task The_same_folder_gives_the_same_image_from_the_cache()
    {
        Write("Dockerfile", Base + "RUN echo once >/made\n");

        var first = await BuildAsync();
        var second = await BuildAsync();

        second[^1].ShouldBe(first[^1].ShouldBeOfType<BuildDone>());
        second.ShouldContain(new BuildLine(" ---> Using cache"));
    }

    [Fact]
    public async Task A_step_that_fails_is_shown_with_its_command_and_last_output()
    {
        Write("Dockerfile", Base + "RUN echo fine\nRUN for i in $(seq 1 30); do echo line $i; done; printf 'no end of line'; exit 3\nRUN echo never\n");

        var failed = (await BuildAsync())[^1].ShouldBeOfType<BuildFailed>();

        failed.Step!.Number.ShouldBe(3);
        failed.Step.Of.ShouldBe(4);
        failed.Step.Command.ShouldStartWith("RUN for i in");
        failed.Error.ShouldContain("returned a non-zero code: 3");
        failed.Output.Count.ShouldBe(BuildFailed.MaxOutput);
        failed.Output[^1].ShouldBe("no end of line");
        failed.Output[^2].ShouldBe("line 30");
    }

    [Fact]
    public async Task A_dockerfile_that_cannot_be_read_says_where()
    {
        Write("Dockerfile", Base + "FETCH something\n");

        (await BuildAsync())[^1].ShouldBeOfType<BuildFailed>().Error.ShouldContain("unknown instruction: FETCH", Case.Insensitive);
    }

    [Fact]
    public async Task A_base_image_that_cannot_be_had_names_its_registry()
    {
        Write("Dockerfile", "FROM 127.0.0.1:5999/no/such:1\n");

        (await BuildAsync())[^1].ShouldBeOfType<BuildFailed>().Error.ShouldContain("the registry 127.0.0.1:5999 cannot be reached");
    }

    [Fact]
    public async Task Output_comes_while_a_step_runs_and_the_step_ends_with_its_reader()
    {
        Write("Dockerfile", Base + "RUN echo begun; sleep 1000\n");
        using var gone = new CancellationTokenSource();

        await Should.ThrowAsync<OperationCanceledException>(async () =>
        {
            await foreach (var happened in Events(cancellationToken: gone.Token))
            {
                if (happened is BuildLine { Text: "begun" })
                {
                    await gone.CancelAsync();
                }
            }
        });

        await Eventually.Is(
            async () => !(await Engine.Client.Containers.ListContainersAsync(new())).Any(container => container.Command.Contains("sleep 1000", StringComparison.Ordinal)), "the step's container ends");
    }

    [Fact]
    public async Task A_context_that_is_too_large_for_a_node_on_the_way_is_refused_before_it_is_sent()
    {
        Write("Dockerfile", Base);
        Write("large", new string('x', 2_000_000));
        Beta.MaxContextBytes = 1_000_000;
        await Beta.StopServerAsync();
        await Beta.StartServerAsync();
        Alpha.Answer = message => message is Warp.Cluster.Protocol.ListRunners ? new Warp.Cluster.Protocol.RunnerList([Views.Runner("beta", Beta.Port)]) : null;

        (await Should.ThrowAsync<OperatorException>(() => BuildAsync())).Message.ShouldContain("it has 2.0 MB, and 1.0 MB are taken");
    }

    [Fact]
    public async Task A_file_that_vanishes_while_the_context_is_sent_is_named()
    {
        Write("Dockerfile", Base);
        Write("gone", "soon");
        var context = OpenContext();
        Delete("gone");

        var failure = await Should.ThrowAsync<OperatorException>(async () =>
        {
            await foreach (var _ in Events(context: context))
            {
            }
        });

        failure.Message.ShouldContain("gone vanished");
    }

    [Fact]
    public async Task A_runner_may_pass_a_build_on_only_by_saying_so()
    {
        using var runner = Beta.Client(Beta.Runner("alpha"));
        const string Path = "/warp/v1/runners/beta/builds?deployment=shop&service=app";

        await (await runner.PostAsync(Path, new ByteArrayContent([]))).ProblemAsync(System.Net.HttpStatusCode.Forbidden, "role-missing");
        runner.DefaultRequestHeaders.Add("Warp-Passed-On-By", "gamma");
        await (await runner.PostAsync(Path, new ByteArrayContent([]))).ProblemAsync(System.Net.HttpStatusCode.Forbidden, "foreign-origin");
    }

    [Fact]
    public async Task Only_the_newest_images_of_a_service_and_those_in_use_are_kept()
    {
        Write("Dockerfile", Base + "COPY number /\n");
        var built = new List<string>();
        string? container = null;
        for (var i = 0; i < DockerImagesSweep.Kept + 3; i++)
        {
            Write("number", $"{i}");
            built.Add((await BuildAsync())[^1].ShouldBeOfType<BuildDone>().Image);
            container ??= (await Engine.Client.Containers.CreateContainerAsync(new CreateContainerParameters { Image = built[0] })).ID;
        }

        (await BuildAsync(service: "other"))[^1].ShouldBeOfType<BuildDone>();

        var left = (await Engine.Client.Images.ListImagesAsync(new())).SelectMany(image => image.RepoTags ?? []).Where(tag => tag.StartsWith("warp.build/shop/app:", StringComparison.Ordinal));
        left.Order(StringComparer.Ordinal).ShouldBe(built.Take(1).Concat(built.TakeLast(DockerImagesSweep.Kept)).Order(StringComparer.Ordinal));
        await Engine.Client.Containers.RemoveContainerAsync(container, new());
    }
}
