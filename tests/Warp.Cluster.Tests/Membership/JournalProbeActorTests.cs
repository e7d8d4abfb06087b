using Akka.Actor;
using Akka.TestKit.Xunit2;
using Shouldly;
using Warp.Cluster.Membership;
using Warp.Cluster.Protocol;
using Xunit;

namespace Warp.Cluster.Tests.Membership;

public sealed class JournalProbeActorTests : TestKit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly TemporarySqlite _journal;

    public JournalProbeActorTests()
        : this(new TemporarySqlite())
    {
    }

    private JournalProbeActorTests(TemporarySqlite journal)
        : base(journal.WithoutCluster) => _journal = journal;

    [Fact]
    public async Task It_says_whether_the_journal_takes_something_and_why_not_and_leaves_one_row_however_often_it_is_asked()
    {
        var probe = Sys.ActorOf(JournalProbeActor.Props());
        for (var i = 0; i < 3; i++)
        {
            (await AskAsync(probe)).Failure.ShouldBeNull();
        }

        _journal.RefuseSnapshots();
        (await Task.WhenAll(AskAsync(probe), AskAsync(probe))).ShouldAllBe(answer => answer.Failure!.Contains("no room"));

        _journal.TakeSnapshots();
        (await AskAsync(probe)).Failure.ShouldBeNull();
        _journal.Snapshots("journal-probe").ShouldBe(1);
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _journal.Dispose();
    }

    private static Task<JournalProbed> AskAsync(IActorRef probe) => probe.Ask<JournalProbed>(new ProbeJournal(), Patience);
}
