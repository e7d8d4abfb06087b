using System.Collections.Concurrent;
using Shouldly;
using Warp.Cluster.Containers;
using Warp.Cluster.Specs;
using Warp.Node.Docker;
using Xunit;

namespace Warp.Node.Tests.Docker;

[Collection(EngineCollection.Name)]
public sealed class DockerImageTests(PrivateEngine engine) : EngineTestBase(engine)
{
    private readonly Lines _lines = new();

    [Theory]
    [InlineData(PullPolicy.Missing)]
    [InlineData(PullPolicy.Never)]
    public async Task An_image_that_is_there_is_not_pulled_and_tells_its_tcp_ports(PullPolicy pull)
    {
        var image = Value(await Runtime.EnsureImageAsync(PrivateEngine.Image, pull, _lines, default));

        image.ExposedTcpPorts.ShouldBe([8080]);
        _lines.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_image_that_is_missing_is_pulled_with_progress()
    {
        await using var registry = await TestRegistry.StartAsync(Engine);

        var image = Value(await Runtime.EnsureImageAsync($"{TestRegistry.Open}/{TestRegistry.Image}", PullPolicy.Missing, _lines, default));

        image.ExposedTcpPorts.ShouldBe([3211, 9000]);
        _lines.All.ShouldNotBeEmpty();
        Value(await Runtime.EnsureImageAsync($"{TestRegistry.Open}/{TestRegistry.Image}", PullPolicy.Always, _lines, default)).Id.ShouldBe(image.Id);
    }

    [Fact]
    public async Task A_login_of_this_runner_opens_a_locked_registry()
    {
        await using var registry = await TestRegistry.StartAsync(Engine);
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, $$$$"""{"auths":{"{{{{TestRegistry.Locked}}}}":{"auth":"{{{{TestRegistry.Secret}}}}"}}}""");
        using var connection = new DockerEngine(Options with { RegistryCredentialsFile = file });
        using var runtime = new DockerRuntime(connection);

        var stranger = await Runtime.EnsureImageAsync($"{TestRegistry.Locked}/{TestRegistry.Image}", PullPolicy.Missing, _lines, default);
        var known = await runtime.EnsureImageAsync($"{TestRegistry.Locked}/{TestRegistry.Image}", PullPolicy.Missing, _lines, default);

        stranger.Failure!.Message.ShouldContain($"warp registry login {TestRegistry.Locked}");
        Value(known).ExposedTcpPorts.ShouldBe([3211, 9000]);
        File.Delete(file);
    }

    [Fact]
    public async Task An_unknown_image_is_told_apart_from_a_registry_that_cannot_be_reached()
    {
        await using var registry = await TestRegistry.StartAsync(Engine);

        (await FailureAsync($"{TestRegistry.Open}/shop/app:v2")).ShouldContain("is unknown at 127.0.0.1:5000");
        (await FailureAsync("127.0.0.1:5999/shop/app")).ShouldContain("cannot be reached from this runner");
        (await FailureAsync("registry.invalid/shop/app:1")).ShouldContain("cannot be reached from this runner");
        (await FailureAsync("no-such-image")).ShouldContain("registry docker.io cannot be reached");
        (await FailureAsync("no-such-image", PullPolicy.Never)).ShouldContain("pull policy is 'never'");
    }

    [Fact]
    public async Task A_registry_that_falls_silent_is_given_up_and_named()
    {
        await using var registry = await TestRegistry.StartAsync(Engine);
        using var connection = new DockerEngine(Options with { PullStall = TimeSpan.FromSeconds(2) });
        using var runtime = new DockerRuntime(connection);

        var failure = (await runtime.EnsureImageAsync($"{TestRegistry.Open}/{TestRegistry.SlowImage}", PullPolicy.Missing, _lines, default)).Failure.ShouldNotBeNull();

        failure.Kind.ShouldBe(RuntimeFailureKind.ImageUnavailable);
        failure.Message.ShouldContain("127.0.0.1:5000 sent nothing for 2 s");
        Value(await runtime.PingAsync(default)).Version.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_layer_that_is_not_what_it_should_be_is_refused()
    {
        await using var registry = await TestRegistry.StartAsync(Engine);

        (await FailureAsync($"{TestRegistry.Open}/{TestRegistry.BrokenImage}")).ShouldContain("serves a broken layer");
    }

    [Fact]
    public async Task A_reference_that_is_none_is_refused_in_the_engines_words() =>
        (await Runtime.EnsureImageAsync("UPPER/case image", PullPolicy.Missing, _lines, default)).Failure!.Message.ShouldContain("invalid reference format");

    private async Task<string> FailureAsync(string image, PullPolicy pull = PullPolicy.Missing)
    {
        var failure = (await Runtime.EnsureImageAsync(image, pull, _lines, default)).Failure.ShouldNotBeNull();
        failure.Kind.ShouldBe(RuntimeFailureKind.ImageUnavailable, failure.Message);
        return failure.Message;
    }

    private sealed class Lines : IProgress<string>
    {
        public ConcurrentQueue<string> All { get; } = new();

        public void Report(string value) => All.Enqueue(value);
    }
}
