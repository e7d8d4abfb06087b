using System.Collections.Immutable;
using System.Text.Json;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;
using Warp.Node.Runners;
using Xunit;

namespace Warp.Node.Tests.Runners;

public sealed class FileAssignmentStoreTests : IDisposable
{
    private static readonly RunnerId Runner = RunnerId.Parse("runner-1");
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"warp-store-{Guid.NewGuid():N}");
    private readonly FileAssignmentStore _store;

    public FileAssignmentStoreTests() => _store = new FileAssignmentStore(_folder);

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Fact]
    public async Task Nothing_kept_is_nothing_found()
    {
        var found = await _store.LoadAsync(CancellationToken.None);
        found.Assignments.ShouldBeEmpty();
        found.Peers.Peers.ShouldBeEmpty();
        found.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_kept_is_found_by_the_next_process()
    {
        var shop = Make("shop", 3);
        var peer = new Peer(Runner, new NodeEndpoint("10.0.0.1", 4054), new NodeEndpoint("10.0.0.1", 8558));
        await _store.SaveAsync(Make("shop", 2), CancellationToken.None);
        await _store.SaveAsync(shop, CancellationToken.None);
        await _store.SaveAsync(Make("peers", 1), CancellationToken.None);
        await _store.SavePeersAsync(new PeerList([peer]), CancellationToken.None);

        var found = await new FileAssignmentStore(_folder).LoadAsync(CancellationToken.None);

        found.Problems.ShouldBeEmpty();
        found.Peers.Peers.ShouldHaveSingleItem().ShouldBe(peer);
        found.Assignments.Select(a => (a.Deployment.Value, a.Version)).ShouldBe([("peers", 1L), ("shop", 3L)]);
        JsonSerializer.Serialize(found.Assignments[1]).ShouldBe(JsonSerializer.Serialize(shop));
    }

    [Fact]
    public async Task Public_URLs_are_kept_and_forgotten_beside_the_assignments()
    {
        var routes = new PublicRoutes(DeploymentName.Parse("shop"), 3, [new PublicService(ServiceName.Parse("app"), 80, "eu", ["shop.test"], 10, [new PublicPlacement(0, 1, Runner)])]);
        await _store.SaveAsync(Make("shop", 2), CancellationToken.None);
        await _store.SavePublicAsync(routes, CancellationToken.None);

        var found = await new FileAssignmentStore(_folder).LoadAsync(CancellationToken.None);
        JsonSerializer.Serialize(found.Public.ShouldHaveSingleItem()).ShouldBe(JsonSerializer.Serialize(routes));

        await _store.DeletePublicAsync(routes.Deployment, CancellationToken.None);
        await _store.DeletePublicAsync(routes.Deployment, CancellationToken.None);
        found = await _store.LoadAsync(CancellationToken.None);
        found.Public.ShouldBeEmpty();
        found.Assignments.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task What_is_forgotten_is_not_found_and_forgetting_twice_is_no_error()
    {
        await _store.SaveAsync(Make("shop", 1), CancellationToken.None);
        await _store.DeleteAsync(DeploymentName.Parse("shop"), CancellationToken.None);
        await _store.DeleteAsync(DeploymentName.Parse("shop"), CancellationToken.None);
        (await _store.LoadAsync(CancellationToken.None)).Assignments.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"Deployment\":\"shop\"")]
    [InlineData("{\"Deployment\":\"shop\",\"Version\":1}")]
    [InlineData("{\"Deployment\":\"Not A Name\",\"Version\":1,\"Project\":\"p\",\"Environment\":\"e\",\"Removed\":false,\"Services\":[]}")]
    [InlineData("{\"Deployment\":\"other\",\"Version\":1,\"Project\":\"p\",\"Environment\":\"e\",\"Removed\":false,\"Services\":[]}")]
    [InlineData("null")]
    public async Task A_file_that_cannot_be_used_is_set_aside_and_named_and_the_others_are_found(string content)
    {
        await _store.SaveAsync(Make("blog", 1), CancellationToken.None);
        var path = Path.Combine(_folder, "shop.json");
        await File.WriteAllTextAsync(path, content);

        var found = await _store.LoadAsync(CancellationToken.None);

        found.Assignments.ShouldHaveSingleItem().Deployment.Value.ShouldBe("blog");
        found.Problems.ShouldHaveSingleItem().ShouldContain(path);
        File.Exists(path).ShouldBeFalse();
        (await File.ReadAllTextAsync(path + ".unreadable")).ShouldBe(content);
        (await _store.LoadAsync(CancellationToken.None)).Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_write_that_was_cut_off_leaves_the_content_before()
    {
        await _store.SaveAsync(Make("shop", 1), CancellationToken.None);
        await File.WriteAllTextAsync(Path.Combine(_folder, "shop.json.new"), "{\"Depl");

        var found = await _store.LoadAsync(CancellationToken.None);

        found.Assignments.ShouldHaveSingleItem().Version.ShouldBe(1);
        found.Problems.ShouldBeEmpty();
        await _store.SaveAsync(Make("shop", 2), CancellationToken.None);
        (await _store.LoadAsync(CancellationToken.None)).Assignments.ShouldHaveSingleItem().Version.ShouldBe(2);
    }

    [Fact]
    public async Task Only_the_owner_can_read_it()
    {
        await _store.SaveAsync(Make("shop", 1), CancellationToken.None);
        File.GetUnixFileMode(Path.Combine(_folder, "shop.json")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.GetUnixFileMode(_folder).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static Assignment Make(string name, long version)
    {
        var spec = new ServiceSpec(
            ServiceName.Parse("däta base"), "postgres:15", PullPolicy.Always, ["-p", "3211"],
            ImmutableSortedDictionary<string, string>.Empty.Add("POSTGRES_PASSWORD", "a \"secret\"\n"), null, Runner, 10);
        return new Assignment(DeploymentName.Parse(name), version, "default", "production", Removed: false,
            [new ServiceAssignment(spec, Ipv4Address.Parse("10.201.0.1"), [new Placement(0, 4, Runner)])]);
    }
}
