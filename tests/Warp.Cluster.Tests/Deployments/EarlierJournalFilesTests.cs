using System.Collections.Immutable;
using Akka.Actor;
using Akka.TestKit.Xunit2;
using Shouldly;
using Warp.Cluster.Deployments;
using Warp.Cluster.Identity;
using Warp.Cluster.Membership;
using Warp.Cluster.Protocol;
using Xunit;

namespace Warp.Cluster.Tests.Deployments;

/// <summary>Journal files that earlier programs wrote, events and snapshots: today's actor takes them up and goes on. Samples/README.md says how they were made.</summary>
public sealed class EarlierJournalFilesTests : TestKit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly TemporarySqlite _sqlite;

    public EarlierJournalFilesTests()
        : this(new TemporarySqlite())
    {
    }

    private EarlierJournalFilesTests(TemporarySqlite sqlite)
        : base(sqlite.WithoutCluster) => _sqlite = sqlite;

    public static TheoryData<string> Files => [.. Directory.GetFiles(Folder, "*.db").Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal)];

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Deployments", "Samples");

    [Fact]
    public void Each_form_that_was_ever_written_has_its_file() => Files.Count.ShouldBeGreaterThanOrEqualTo(2);

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_deployment_of_then_is_what_it_was_and_can_be_changed(string file)
    {
        _sqlite.Take(Path.Combine(Folder, file));
        var actor = Start();

        actor.Tell(new GetDeployment(Sample.Shop));
        var view = await ExpectMsgAsync<DeploymentView>(Patience);
        view.Revision.ShouldBe(5);
        view.Services.Select(service => (service.Service.Value, service.Image, service.IstAddress.ToString())).ShouldBe([("app", "image:3", "10.201.0.1"), ("db", "image:1", "10.201.0.2")]);
        view.Services[1].Instances.ShouldContain(instance => instance.Runner == Sample.R2);
        view.Services.ShouldAllBe(service => service.Instances.All(instance => instance.Generation >= 1));

        // A service that went then has its address and goes on with its generations, and whatever comes after is higher than all that the runners have seen.
        actor.Tell(new ApplyDeployment(Sample.Spec(Sample.Service("app", "image:4"), Sample.Service("db", runner: Sample.R2), Sample.Service("cache"))));
        var changed = await ExpectMsgAsync<DeploymentAccepted>(Patience);
        changed.Revision.ShouldBe(6);
        var cache = changed.View.Services.Single(service => service.Service == Sample.Name("cache"));
        (cache.IstAddress.ToString(), cache.Instances.Single().Generation).ShouldBe(("10.201.0.3", 2));
        changed.View.Services[0].Instances.Max(instance => instance.Generation).ShouldBeGreaterThan(view.Services[0].Instances.Max(instance => instance.Generation));
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _sqlite.Dispose();
    }

    private IActorRef Start()
    {
        var (directory, catalog, r1, r2) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe(), CreateTestProbe());
        var actor = CreateTestProbe().ChildActorOf(DeploymentActor.Props(Sample.Shop, new DeploymentActorSettings(Sample.Range) { ReconcileEvery = TimeSpan.FromMinutes(1) }, directory, catalog));
        directory.ExpectMsg<GetRunnerDirectory>(Patience);
        directory.Reply(new RunnerDirectoryChanged(
            Sample.Directory(Sample.Runner(Sample.R1), Sample.Runner(Sample.R2)),
            ImmutableDictionary<RunnerId, IActorRef>.Empty.Add(Sample.R1, r1).Add(Sample.R2, r2)));
        return actor;
    }
}
