using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Formats.Tar;
using Docker.DotNet.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Warp.Cluster.Containers;
using Warp.Cluster.Endpoints;
using Warp.Cluster.Identity;
using Warp.Cluster.Runners;
using Warp.Cluster.Specs;
using Warp.Node.Configuration;
using Warp.Node.Docker;
using Warp.Node.Images;
using Warp.Node.Images.Builds;
using Warp.Node.Images.Logins;
using Warp.Node.Images.Transfer;
using Warp.Node.Security;
using Warp.Node.Tests.Docker;
using Warp.Node.Tests.Http;
using Xunit;
using Peer = Warp.Cluster.Protocol.Peer;

namespace Warp.Node.Tests.Images.Transfer;

/// <summary>Two runners with an engine each: alpha has images, beta lacks them. Bytes are counted on the way between their management APIs.</summary>
[Collection(EngineCollection.Name)]
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "xunit ends it with DisposeAsync of IAsyncLifetime.")]
public sealed class PeerImagesTests(PrivateEngine alphas) : IAsyncLifetime
{
    private const string Built = "warp.build/shop/app:0123456789ab";
    private static readonly RunnerId Alpha = RunnerId.Parse("alpha");
    private static readonly RunnerId Beta = RunnerId.Parse("beta");
    private readonly ClusterAuthority _authority = ClusterAuthority.Create(ManagementBed.Cluster, TimeProvider.System);
    private readonly TemporaryFolder _folder = new();
    private readonly PrivateEngine _betas = new();
    private readonly Lines _lines = new();
    private readonly TransferLog _log = new();
    private readonly KnownPeers _peers = new(new NoRoutes());
    private ManagementBed _alpha = null!;
    private ManagementBed _beta = null!;
    private DockerEngine _alphaEngine = null!;
    private DockerEngine _betaEngine = null!;
    private PeerImages _images = null!;
    private DockerRuntime _runtime = null!;

    public async Task InitializeAsync()
    {
        await _betas.InitializeAsync();
        _alphaEngine = new DockerEngine(new DockerOptions(ManagementBed.Cluster, Alpha) { Endpoint = alphas.Endpoint, RegistryCredentialsFile = null });
        _betaEngine = new DockerEngine(new DockerOptions(ManagementBed.Cluster, Beta) { Endpoint = _betas.Endpoint, RegistryCredentialsFile = null });
        _alpha = new ManagementBed("alpha", authority: _authority)
        {
            Images = new NodeImages(
                new ImageBuilder(_alphaEngine, new RegistryCredentials(null), Alpha, NullLogger.Instance),
                new LoginSealer(new DataFolder(_folder.Path), TimeProvider.System),
                new ImageArchives(_alphaEngine, new TransferFolder(_folder["transfer"]))),
        };
        await _alpha.StartServerAsync();
        _beta = await ManagementBed.StartAsync("beta", authority: _authority);
        _images = new PeerImages(_betaEngine, _peers, _beta, _log);
        _runtime = new DockerRuntime(_betaEngine, () => [], new RegistryCredentials(null), _images);
        PeersAre(new Peer(Alpha, new("127.0.0.1", 1), new("127.0.0.1", _alpha.Port)), new Peer(Beta, new("127.0.0.1", 1), new("127.0.0.1", _beta.Port)));
        await BuildAsync(Built, 3_000_000);
    }

    public async Task DisposeAsync()
    {
        foreach (var image in (await alphas.Client.Images.ListImagesAsync(new())).SelectMany(image => image.RepoTags ?? []).Where(tag => BuiltImageName.Is(tag) || tag.StartsWith("local-only", StringComparison.Ordinal)))
        {
            await alphas.Client.Images.DeleteImageAsync(image, new() { Force = true });
        }

        _runtime.Dispose();
        _images.Dispose();
        await _alpha.DisposeAsync();
        await _beta.DisposeAsync();
        _alphaEngine.Dispose();
        _betaEngine.Dispose();
        await _betas.DisposeAsync();
        _folder.Dispose();
        _authority.Dispose();
    }

    [Fact]
    public async Task An_image_that_another_runner_built_comes_without_the_layers_that_are_here()
    {
        // Both private engines imported the same root file system, the lowest layer.
        await AlignBaseAsync();
        var whole = (await alphas.Client.Images.InspectImageAsync(Built)).Size;

        var image = Value(await _runtime.EnsureImageAsync(Built, PullPolicy.Missing, _lines, default));

        image.Id.ShouldBe((await alphas.Client.Images.InspectImageAsync(Built)).ID);
        var (bytes, present, layers) = _log.Single();
        (present, layers).ShouldBe((1, 2));
        bytes.ShouldBeInRange(3_000_000, 3_100_000);
        whole.ShouldBeGreaterThan(bytes + 1_500_000);
        _lines.All.ShouldContain(line => line.StartsWith($"fetching {Built} from alpha", StringComparison.Ordinal));
        Directory.GetFiles(_folder["transfer"]).ShouldBeEmpty();
        (await OutputAsync(Built)).ShouldBe("3000000");
    }

    [Fact]
    public async Task An_engine_without_any_of_the_layers_gets_all_of_them()
    {
        await RemoveAllAsync();

        Value(await _runtime.EnsureImageAsync(Built, PullPolicy.Always, _lines, default));

        _log.Single().Present.ShouldBe(0);
        (await OutputAsync(Built)).ShouldBe("3000000");
    }

    [Theory]
    [InlineData(PullPolicy.Never)]
    [InlineData(PullPolicy.Missing)]
    public async Task An_image_that_no_registry_has_is_looked_for_at_the_other_runners(PullPolicy pull)
    {
        await alphas.Client.Images.TagImageAsync(Built, new() { RepositoryName = "local-only", Tag = "1" });

        Value(await _runtime.EnsureImageAsync("local-only:1", pull, _lines, default));
    }

    [Fact]
    public async Task Several_instances_that_want_it_at_once_get_it_once()
    {
        var all = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _runtime.EnsureImageAsync(Built, PullPolicy.Missing, _lines, default)));

        all.Select(Value).Distinct().Count(image => image.Id.Length > 0).ShouldBeGreaterThan(0);
        _log.Single();
    }

    [Fact]
    public async Task An_image_that_nobody_gives_says_who_was_asked()
    {
        PeersAre(
            new Peer(Alpha, new("127.0.0.1", 1), new("127.0.0.1", _alpha.Port)),
            new Peer(RunnerId.Parse("gamma"), new("127.0.0.1", 1), new("127.0.0.1", _alpha.Port)),
            new Peer(RunnerId.Parse("delta"), new("127.0.0.1", 1), new("127.0.0.1", 1)));

        var failure = (await _runtime.EnsureImageAsync("warp.build/shop/app:ffffffffffff", PullPolicy.Missing, _lines, default)).Failure.ShouldNotBeNull();

        failure.Kind.ShouldBe(RuntimeFailureKind.ImageUnavailable);
        failure.Message.ShouldContain("was built by Warp");
        failure.Message.ShouldContain("alpha does not have it");
        failure.Message.ShouldContain("gamma at 127.0.0.1");
        failure.Message.ShouldContain("warp://lab/runner/alpha answers there");
        failure.Message.ShouldContain("delta at 127.0.0.1:1 cannot be asked");
    }

    [Fact]
    public async Task An_image_is_given_to_nodes_of_the_cluster_only()
    {
        using var stranger = _alpha.Client(null);

        await (await stranger.GetAsync($"/warp/v1/images/archive?reference={Built}")).ProblemAsync(System.Net.HttpStatusCode.Forbidden, "certificate-missing");
    }

    private static T Value<T>(RuntimeResult<T> result)
    {
        result.Failure?.Message.ShouldBeNull();
        return result.Value!;
    }

    private void PeersAre(params ImmutableArray<Peer> peers) => _peers.Publish(new RunnerRoutes(Beta, [], peers));

    // A layer of its own upon the root file system that every private engine has.
    private async Task BuildAsync(string name, int bytes)
    {
        var content = new byte[bytes];
        Random.Shared.NextBytes(content);
        using var archive = new MemoryStream();
        await using (var writer = new TarWriter(archive, TarEntryFormat.Gnu, leaveOpen: true))
        {
            await writer.WriteEntryAsync(new GnuTarEntry(TarEntryType.RegularFile, "Dockerfile") { DataStream = new MemoryStream("FROM warp-test:busybox\nCOPY blob /blob\n"u8.ToArray()) });
            await writer.WriteEntryAsync(new GnuTarEntry(TarEntryType.RegularFile, "blob") { DataStream = new MemoryStream(content) });
        }

        archive.Position = 0;
        await alphas.Client.Images.BuildImageFromDockerfileAsync(new ImageBuildParameters { Tags = [name] }, archive, null, null, new Progress<JSONMessage>());
    }

    private async Task AlignBaseAsync()
    {
        using var saved = await alphas.Client.Images.SaveImageAsync(PrivateEngine.Image);
        await _betas.Client.Images.LoadImageAsync(new ImageLoadParameters(), saved, new Progress<JSONMessage>());
    }

    private async Task RemoveAllAsync()
    {
        foreach (var image in await _betas.Client.Images.ListImagesAsync(new()))
        {
            await _betas.Client.Images.DeleteImageAsync(image.ID, new() { Force = true });
        }
    }

    private async Task<string> OutputAsync(string image)
    {
        var created = await _betas.Client.Containers.CreateContainerAsync(new CreateContainerParameters { Image = image, Cmd = ["sh", "-c", "wc -c </blob"], HostConfig = new HostConfig { NetworkMode = "none" } });
        _ = await _betas.Client.Containers.StartContainerAsync(created.ID, new());
        using var output = await _betas.Client.Containers.GetContainerLogsAsync(created.ID, tty: false, new() { ShowStdout = true, Follow = true }, CancellationToken.None);
        var (text, _) = await output.ReadOutputToEndAsync(CancellationToken.None);
        return text.Trim();
    }

    private sealed class Lines : IProgress<string>
    {
        public ConcurrentQueue<string> All { get; } = new();

        public void Report(string value) => All.Enqueue(value);
    }

    private sealed class NoRoutes : IRouteHolder
    {
        public void Publish(RunnerRoutes routes)
        {
        }
    }
}
