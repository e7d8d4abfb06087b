using System.Collections.Immutable;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Cluster.Membership;
using Warp.Cluster.Protocol;
using Xunit;

namespace Warp.Cluster.Tests.Membership;

public sealed class AuthorityRotationRuleTests
{
    private static readonly RunnerId R3 = RunnerId.Parse("r3");
    private static readonly RunnerId[] All = [Sample.R1, Sample.R2, R3];

    [Fact]
    public void The_new_CA_waits_for_everybody_who_was_added_also_for_one_that_was_not_heard_of() =>
        AuthorityRotationRule.NotTrusting(All, [View(Sample.R1, ["old"], ["old", "new"]), View(Sample.R2, ["old"], ["old"])], "new").ShouldBe([Sample.R2, R3]);

    [Fact]
    public void The_old_CA_stays_while_somebody_shows_a_certificate_of_it_even_beside_a_new_one() =>
        AuthorityRotationRule.StillShowingOthers(All, [View(Sample.R1, ["new"], []), View(Sample.R2, ["new", "old"], []), View(R3, ["new"], [])], "new").ShouldBe([Sample.R2]);

    [Fact]
    public void A_node_of_a_version_that_tells_nothing_is_waited_for()
    {
        ImmutableArray<RunnerView> silent = [Sample.Runner(Sample.R1)];
        AuthorityRotationRule.NotTrusting([Sample.R1], silent, "new").ShouldBe([Sample.R1]);
        AuthorityRotationRule.StillShowingOthers([], silent, "new").ShouldBe([Sample.R1]);
    }

    private static RunnerView View(RunnerId runner, ImmutableArray<string> presents, ImmutableArray<string> trusts)
    {
        var view = Sample.Runner(runner);
        return view with { Status = view.Status with { Certificates = new RunnerCertificates(Sample.Noon, null, 1, presents, trusts, Signs: false) } };
    }
}
