using Akka.Actor;
using Akka.TestKit.Xunit2;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Cluster.Membership;
using Warp.Cluster.Protocol;
using Xunit;

namespace Warp.Cluster.Tests.Membership;

public sealed class DeploymentCatalogActorTests : TestKit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly TemporarySqlite _sqlite;
    private readonly TestClock _clock = new();

    public DeploymentCatalogActorTests()
        : this(new TemporarySqlite())
    {
    }

    private DeploymentCatalogActorTests(TemporarySqlite sqlite)
        : base(sqlite.WithCluster) => _sqlite = sqlite;

    [Fact]
    public async Task It_lists_what_was_announced_here_or_on_another_control_node_and_not_removed()
    {
        var catalog = Start(TimeSpan.FromMinutes(2));
        catalog.Tell(new AnnounceDeployment(View("shop", 1)));
        catalog.Tell(View("blog", 1));
        catalog.Tell(new AnnounceDeployment(View("shop", 2)));
        catalog.Tell(View("chat", 1));
        catalog.Tell(View("wiki", 1));
        catalog.Tell(new DeploymentNotFound(DeploymentName.Parse("chat")));
        catalog.Tell(new ForgetDeployment(DeploymentName.Parse("wiki")));
        (await List(catalog)).ShouldBe(["blog 1", "shop 2"]);
    }

    [Fact]
    public async Task What_is_not_announced_again_is_forgotten()
    {
        var catalog = Start(TimeSpan.FromSeconds(1));
        catalog.Tell(View("blog", 1));
        (await List(catalog)).ShouldBe(["blog 1"]);
        _clock.Forward(TimeSpan.FromSeconds(2));
        catalog.Tell(View("shop", 1));
        await AwaitConditionAsync(async () => (await List(catalog)) is ["shop 1"], Patience);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _sqlite.Dispose();
    }

    private static async Task<List<string>> List(IActorRef catalog) =>
        [.. (await catalog.Ask<DeploymentList>(new ListDeployments(), Patience)).Deployments.Select(view => $"{view.Deployment} {view.Revision}")];

    private static DeploymentView View(string name, long revision) => new(DeploymentName.Parse(name), "default", "default", revision, false, []);

    private IActorRef Start(TimeSpan forgetAfter) => Sys.ActorOf(DeploymentCatalogActor.Props(_clock, forgetAfter));
}
