using Shouldly;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Cluster.Runners;
using Xunit;

namespace Warp.Cluster.Tests.Runners;

public sealed class RunnerKnowledgeTests
{
    private static readonly DeploymentName Shop = DeploymentName.Parse("shop");

    [Fact]
    public void Only_what_is_newer_is_news()
    {
        var knowledge = new RunnerKnowledge().With(Version(5));
        knowledge.IsNews(Version(4)).ShouldBeFalse();
        knowledge.IsNews(Version(5)).ShouldBeFalse();
        knowledge.IsNews(Version(6)).ShouldBeTrue();
    }

    [Fact]
    public void What_was_carried_out_and_forgotten_is_news_again_but_older_words_stay_late()
    {
        var knowledge = new RunnerKnowledge().With(Version(5)).Without(Shop);
        knowledge.Assignments.ShouldBeEmpty();
        knowledge.IsNews(Version(4)).ShouldBeFalse();
        knowledge.IsNews(Version(5)).ShouldBeTrue();
    }

    [Fact]
    public void A_deployment_that_control_nodes_do_not_know_may_count_from_the_beginning()
    {
        var knowledge = new RunnerKnowledge().With(Version(57)).WithoutFence(Shop);
        knowledge.Assignments[Shop].Version.ShouldBe(57);
        knowledge.IsNews(Version(1)).ShouldBeTrue();
    }

    [Fact]
    public void A_list_of_peers_adds_and_changes_and_never_takes_away()
    {
        var knowledge = new RunnerKnowledge().With(new PeerList([Peer("b", 1), Peer("a", 1)])).With(new PeerList([Peer("c", 1), Peer("a", 2)]));
        knowledge.Peers.ShouldBe([Peer("a", 2), Peer("b", 1), Peer("c", 1)]);
    }

    private static Assignment Version(long version) => new(Shop, version, "default", "default", Removed: false, []);

    private static Peer Peer(string name, int port) => new(RunnerId.Parse(name), new NodeEndpoint("10.0.0.1", port), new NodeEndpoint("10.0.0.1", 8558));
}
