using Akka.Actor;
using Akka.Cluster;
using Akka.TestKit.Xunit2;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Cluster.Membership;
using Warp.Cluster.Protocol;
using Xunit;
using AkkaCluster = Akka.Cluster.Cluster;

namespace Warp.Cluster.Tests.Membership;

public sealed class RunnerDirectoryActorTests : TestKit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly TemporarySqlite _sqlite;
    private readonly TestClock _clock = new();

    public RunnerDirectoryActorTests()
        : this(new TemporarySqlite())
    {
    }

    private RunnerDirectoryActorTests(TemporarySqlite sqlite)
        : base(sqlite.WithCluster)
    {
        _sqlite = sqlite;
        var cluster = AkkaCluster.Get(Sys);
        cluster.Join(cluster.SelfAddress);
        AwaitCondition(() => cluster.SelfMember.Status == MemberStatus.Up, Patience);
    }

    [Fact]
    public async Task A_runner_that_reports_is_known_to_deployments_lists_and_peers()
    {
        var directory = Start();
        Sys.EventStream.Subscribe(TestActor, typeof(RunnerDirectoryChanged));
        var (r1, r2) = (CreateTestProbe(), CreateTestProbe());
        directory.Tell(Sample.Status(Sample.R1), r1);
        var change = await ExpectMsgAsync<RunnerDirectoryChanged>(Patience);
        (change.Directory.IsReachable(Sample.R1), change.Actors[Sample.R1]).ShouldBe((true, r1.Ref));
        (await r1.ExpectMsgAsync<PeerList>(Patience)).Peers.Select(p => p.Runner).ShouldBe([Sample.R1]);

        directory.Tell(Sample.Status(Sample.R2, 3), r2);
        await ExpectMsgAsync<RunnerDirectoryChanged>(Patience);
        (await r1.ExpectMsgAsync<PeerList>(Patience)).Peers.Select(p => p.Runner).ShouldBe([Sample.R1, Sample.R2]);
        (await r2.ExpectMsgAsync<PeerList>(Patience)).Peers.Length.ShouldBe(2);
        (await directory.Ask<RunnerList>(new ListRunners(), Patience)).Runners.Select(r => (r.Status.Runner, r.Status.Instances, r.Reachable))
            .ShouldBe([(Sample.R1, 0, true), (Sample.R2, 3, true)]);
    }

    [Fact]
    public async Task A_report_that_says_nothing_new_is_not_passed_on()
    {
        var directory = Start();
        Sys.EventStream.Subscribe(TestActor, typeof(RunnerDirectoryChanged));
        directory.Tell(Sample.Status(Sample.R1), CreateTestProbe());
        await ExpectMsgAsync<RunnerDirectoryChanged>(Patience);
        var r1 = CreateTestProbe();
        directory.Tell(Sample.Status(Sample.R1), r1);
        await ExpectMsgAsync<RunnerDirectoryChanged>(Patience);
        await r1.ExpectMsgAsync<PeerList>(Patience);
        directory.Tell(Sample.Status(Sample.R1), r1);
        await ExpectNoMsgAsync(TimeSpan.FromMilliseconds(300));
        await r1.ExpectNoMsgAsync(TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public async Task How_many_instances_a_runner_has_is_told_when_the_directory_looks_or_has_something_else_to_tell()
    {
        var (looking, waiting) = (Start(), Start(lookEvery: TimeSpan.FromHours(1)));
        var (r1, r2) = (CreateTestProbe(), CreateTestProbe());
        looking.Tell(Sample.Status(Sample.R1), r1);
        await r1.ExpectMsgAsync<PeerList>(Patience);
        Sys.EventStream.Subscribe(TestActor, typeof(RunnerDirectoryChanged));
        looking.Tell(Sample.Status(Sample.R1, 1), r1);
        (await ExpectMsgAsync<RunnerDirectoryChanged>(Patience)).Directory.Find(Sample.R1)!.Status.Instances.ShouldBe(1);

        waiting.Tell(Sample.Status(Sample.R2), r2);
        (await ExpectMsgAsync<RunnerDirectoryChanged>(Patience)).Directory.Find(Sample.R2)!.Status.Instances.ShouldBe(0);
        waiting.Tell(Sample.Status(Sample.R2, 1), r2);
        waiting.Tell(Sample.Status(Sample.R2, 2), r2);
        waiting.Tell(Sample.Status(Sample.R2, 3, engine: false), r2);
        (await ExpectMsgAsync<RunnerDirectoryChanged>(Patience)).Directory.Find(Sample.R2)!.Status.Instances.ShouldBe(3);
    }

    [Fact]
    public async Task A_silent_runner_is_not_reachable_until_it_reports_again()
    {
        var directory = Start();
        var r1 = CreateTestProbe();
        directory.Tell(Sample.Status(Sample.R1), r1);
        Sys.EventStream.Subscribe(TestActor, typeof(RunnerDirectoryChanged));
        await r1.ExpectMsgAsync<PeerList>(Patience);
        _clock.Forward(TimeSpan.FromSeconds(16));
        await FishForMessageAsync<RunnerDirectoryChanged>(change => change.Directory is { Settled: true } d && !d.IsReachable(Sample.R1), Patience);
        directory.Tell(Sample.Status(Sample.R1), r1);
        await FishForMessageAsync<RunnerDirectoryChanged>(change => change.Directory.IsReachable(Sample.R1), Patience);
    }

    [Fact]
    public async Task A_clock_that_somebody_sets_makes_no_runner_silent()
    {
        var directory = Start();
        var r1 = CreateTestProbe();
        directory.Tell(Sample.Status(Sample.R1), r1);
        await r1.ExpectMsgAsync<PeerList>(Patience);
        Sys.EventStream.Subscribe(TestActor, typeof(RunnerDirectoryChanged));

        _clock.Jump(TimeSpan.FromHours(1));
        _clock.Forward(TimeSpan.FromSeconds(11));
        var settled = await ExpectMsgAsync<RunnerDirectoryChanged>(Patience);
        _clock.Jump(TimeSpan.FromHours(-2));

        (settled.Directory.Settled, settled.Directory.IsReachable(Sample.R1)).ShouldBe((true, true));
        (await directory.Ask<RunnerList>(new ListRunners(), Patience)).Runners.Single().Reachable.ShouldBeTrue();
    }

    [Fact]
    public async Task A_runner_is_gone_when_it_was_silent_for_longer_than_the_grace_and_back_with_its_next_report()
    {
        var directory = Start();
        var r1 = CreateTestProbe();
        directory.Tell(Sample.Status(Sample.R1), r1);
        await r1.ExpectMsgAsync<PeerList>(Patience);
        Sys.EventStream.Subscribe(TestActor, typeof(RunnerDirectoryChanged));

        _clock.Forward(TimeSpan.FromSeconds(299));
        var away = await FishForMessageAsync<RunnerDirectoryChanged>(change => !change.Directory.IsReachable(Sample.R1), Patience);
        (away.Directory.IsGone(Sample.R1), away.Directory.IsGone(Sample.R2)).ShouldBe((false, false));
        _clock.Forward(TimeSpan.FromSeconds(2));
        await FishForMessageAsync<RunnerDirectoryChanged>(change => change.Directory.IsGone(Sample.R1) && change.Directory.IsGone(Sample.R2), Patience);

        directory.Tell(Sample.Status(Sample.R1), r1);
        await FishForMessageAsync<RunnerDirectoryChanged>(change => !change.Directory.IsGone(Sample.R1), Patience);
    }

    [Fact]
    public async Task A_runner_that_was_removed_is_gone_until_it_reports_under_a_higher_enrolment()
    {
        var directory = Start();
        var r1 = CreateTestProbe();
        directory.Tell(Under(Sample.R1, enrolment: 7), r1);
        await r1.ExpectMsgAsync<PeerList>(Patience);
        Sys.EventStream.Subscribe(TestActor, typeof(RunnerDirectoryChanged));

        directory.Tell(new ClusterTrust([new RunnerRemoval(Sample.R1, 10, Sample.Noon)]));
        var change = await FishForMessageAsync<RunnerDirectoryChanged>(one => one.Directory.Find(Sample.R1) is null, Patience);
        change.Directory.Removed.ShouldBe([Sample.R1]);
        directory.Tell(Under(Sample.R1, enrolment: 7), r1);
        directory.Tell(Sample.Status(Sample.R1), r1);
        (await directory.Ask<RunnerList>(new ListRunners(), Patience)).Runners.ShouldBeEmpty();

        directory.Tell(Under(Sample.R1, enrolment: 11), r1);
        change = await FishForMessageAsync<RunnerDirectoryChanged>(one => one.Directory.IsReachable(Sample.R1), Patience);
        change.Directory.Removed.ShouldBeEmpty();
    }

    [Fact]
    public async Task Runners_are_told_their_peers_again_and_again()
    {
        var directory = Start(TimeSpan.FromMilliseconds(100));
        var r1 = CreateTestProbe();
        directory.Tell(Sample.Status(Sample.R1), r1);
        for (var i = 0; i < 3; i++)
        {
            await r1.ExpectMsgAsync<PeerList>(Patience);
        }
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _sqlite.Dispose();
    }

    private static RunnerStatus Under(RunnerId runner, long enrolment) =>
        Sample.Status(runner) with { Certificates = new RunnerCertificates(Sample.Noon, null, enrolment, [], [], Signs: false) };

    private IActorRef Start(TimeSpan? tellPeersEvery = null, TimeSpan? lookEvery = null) => Sys.ActorOf(RunnerDirectoryActor.Props(new RunnerDirectorySettings(_clock)
    {
        LookEvery = lookEvery ?? TimeSpan.FromMilliseconds(50),
        TellPeersEvery = tellPeersEvery ?? TimeSpan.FromMinutes(1),
    }));
}
