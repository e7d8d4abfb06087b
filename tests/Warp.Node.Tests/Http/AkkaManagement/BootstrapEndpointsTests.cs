using System.Globalization;
using System.Net;
using Shouldly;
using Xunit;

namespace Warp.Node.Tests.Http.AkkaManagement;

/// <summary>The contact point of the bootstrap, in the form that .NET clients read.</summary>
public sealed class BootstrapEndpointsTests
{
    [Fact]
    public async Task A_member_names_whom_a_node_may_join()
    {
        await using var bed = await ClusterBed.StartAsync();
        var at = bed.Cluster.SelfAddress;
        var node = string.Create(CultureInfo.InvariantCulture, $$"""{"Host":"127.0.0.1","Port":{{at.Port}},"System":"warp","Protocol":"akka.tcp","HasLocalScope":false,"HasGlobalScope":true}""");
        (await bed.Client.GetStringAsync("/bootstrap/seed-nodes")).ShouldBe($$"""{"SelfNode":{{node}},"Nodes":[]}""");

        var self = await bed.JoinAsync();

        (await bed.Client.GetStringAsync("/bootstrap/seed-nodes")).ShouldBe(string.Create(
            CultureInfo.InvariantCulture, $$"""{"SelfNode":{{node}},"Nodes":[{"Node":{{node}},"NodeUid":{{self.UniqueAddress.Uid}},"Status":1,"Roles":["control","runner"]}]}"""));
    }

    [Fact]
    public async Task Without_a_cluster_it_is_not_available()
    {
        await using var bed = await ClusterBed.StartAsync();
        bed.Bed.Connection = null;

        var answer = await bed.Client.GetAsync("/bootstrap/seed-nodes");

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await answer.Content.ReadAsStringAsync()).ShouldBe(
            """{"error":{"reason":"not available","message":"Clustering is not available"},"code":503,"message":"Clustering is not available"}""");
    }
}
