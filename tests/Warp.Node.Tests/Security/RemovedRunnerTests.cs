using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Node.Configuration;
using Warp.Node.Security;
using Xunit;

namespace Warp.Node.Tests.Security;

public sealed class RemovedRunnerTests : IDisposable
{
    private static readonly RunnerId Two = RunnerId.Parse("two");
    private readonly CertificateBed _bed = new();
    private readonly FileCredentialSource _two;
    private readonly RunnerRemoval _removal = new(Two, DateTimeOffset.UtcNow.AddHours(1).ToUnixTimeSeconds(), DateTimeOffset.UtcNow);

    public RemovedRunnerTests() => _two = _bed.Join("two");

    public void Dispose() => _bed.Dispose();

    [Fact]
    public void Its_certificates_are_refused_also_by_a_node_that_starts_again_and_hears_nobody()
    {
        _bed.One.Take(new ClusterTrust([_removal])).ShouldBeTrue();

        PeerIdentity.Check(_two.Current.Certificate, _bed.One.Current).Reason.ShouldNotBeNull().ShouldContain("two was removed from the cluster on");
        PeerIdentity.Check(_two.Current.Certificate, _bed.Restart("one").Current).Identity.ShouldBeNull();
    }

    [Fact]
    public async Task It_gets_no_other_certificate()
    {
        _bed.One.Take(new ClusterTrust([_removal]));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        var answer = await _bed.Signer.IssueAsync(_two.Current.Certificate, NodeCertificatePurpose.Node, SigningRequest.Of(key), CancellationToken.None);

        answer.Problem.ShouldNotBeNull().ShouldContain("was removed");
    }

    [Fact]
    public void The_same_name_is_given_again_to_a_machine_whose_certificates_are_taken()
    {
        Should.Throw<OperatorException>(() => _bed.Join("two")).Message.ShouldContain("warp runner remove two");
        _bed.One.Take(new ClusterTrust([_removal]));
        Directory.Delete(_bed.Data("two").Root, recursive: true);

        var again = _bed.Join("two");

        PeerIdentity.Check(again.Current.Certificate, _bed.One.Current).Identity!.Name.ShouldBe("two");
        PeerIdentity.Check(_two.Current.Certificate, _bed.One.Current).Identity.ShouldBeNull();
        IssuedRunners.Load(_bed.Data("one")).Runners.Select(runner => runner.Runner.Value).ShouldBe(["one", "two"]);
    }

    [Fact]
    public async Task The_removed_node_itself_says_what_happened_and_what_to_do()
    {
        await using var renewal = new CertificateRenewal(_two, _bed.Signer, new RenewalTimes(TimeProvider.System), NullLogger.Instance);
        var trust = new NodeTrust(_two, renewal, _bed.Data("two"), TimeProvider.System, NullLogger.Instance);

        await trust.TakeAsync(new ClusterTrust([_removal]), CancellationToken.None);

        trust.Problems.ShouldHaveSingleItem().ShouldContain("'warp join' here");
        Should.Throw<OperatorException>(() => _bed.Restart("two")).Message.ShouldContain("was removed from the cluster on");
    }
}
