using System.Text.Json;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.EndToEnd.Tests.Fixture;
using Warp.Node.Configuration;
using Warp.Node.Routing;
using Warp.Node.Security;
using Xunit;

namespace Warp.EndToEnd.Tests.Isolation;

/// <summary>Whom a runner's tunnel port serves: only the runner on which the caller is really placed.</summary>
[Collection(LabGroup.Name)]
public sealed class TunnelTests(LabFixture lab)
{
    private const int TunnelPort = 4054;

    [Fact]
    public async Task Without_a_certificate_there_is_no_tunnel() => (await AskAsync((_, _) => null)).ShouldBe("closed");

    [Fact]
    public async Task A_certificate_of_a_foreign_authority_opens_nothing() => (await AskAsync((_, cluster) =>
    {
        using var foreign = ClusterAuthority.Create(cluster, TimeProvider.System);
        return foreign.IssueRunner(cluster, RunnerId.Parse("r1"), "10.77.0.200");
    })).ShouldBe("closed");

    [Fact]
    public async Task A_runner_that_does_not_host_the_caller_opens_nothing() =>
        (await AskAsync((authority, cluster) => authority.IssueRunner(cluster, RunnerId.Parse("r9"), "10.77.0.200"))).ShouldBeOneOf("reset Denied", "closed");

    [Fact]
    public async Task An_administrator_is_no_runner() =>
        (await AskAsync((authority, cluster) => authority.IssueAdmin(cluster, "admin"))).ShouldBe("closed");

    [Fact]
    public async Task The_same_question_by_the_runner_that_hosts_the_caller_opens_the_stream() =>
        (await AskAsync((authority, cluster) => authority.IssueRunner(cluster, RunnerId.Parse("r1"), "10.77.0.200"))).ShouldBe("opened");

    private async Task<string> AskAsync(Func<ClusterAuthority, string, IssuedCertificate?> identity)
    {
        await using var pair = await PeerPair.StartAsync(lab, Placement.TwoRunners);
        var data = new DataFolder(lab.R1.Node.DataFolder);
        using var node = JsonDocument.Parse(await File.ReadAllTextAsync(data.NodeFile));
        using var authority = ClusterAuthority.Load(data, TimeProvider.System);
        using var api = lab.Api();
        var generation = (await api.FindAsync(pair.Name))!.Services[0].Instances[0].Generation;
        var request = new OpenRequest(
            DeploymentName.Parse(pair.Name), ServiceName.Parse("app"), CallerOrdinal: 0, generation, ServiceName.Parse("db"), 3211);
        return await TrunkClient.AskAsync(
            lab.Lab.Outsider, lab.R2.Address, TunnelPort, identity(authority, node.RootElement.GetProperty("cluster").GetString()!), request);
    }
}
