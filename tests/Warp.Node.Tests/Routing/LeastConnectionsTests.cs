using System.Collections.Immutable;
using CsCheck;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Node.Routing;
using Xunit;

namespace Warp.Node.Tests.Routing;

public sealed class LeastConnectionsTests
{
    [Fact]
    public void The_choice_has_the_fewest_connections_of_those_that_can_be_used() =>
        Gen.Select(Gen.Int[0, 5], Gen.Bool).Array[0, 8].Sample(seeds =>
        {
            var candidates = Instances(seeds.Select(s => s.Item1));
            var usable = candidates.Where((_, i) => seeds[i].Item2).ToHashSet();
            var chosen = LeastConnections.Pick(candidates, usable, static (c, usable) => usable.Contains(c));
            return usable.Count == 0 ? chosen is null : chosen!.Connections.Open == usable.Min(c => c.Connections.Open);
        });

    [Fact]
    public void Short_connections_do_not_all_go_to_the_first()
    {
        var candidates = Instances([0, 0, 0]);
        Enumerable.Range(0, 200).Select(_ => LeastConnections.Pick(candidates)).Distinct().Count().ShouldBe(3);
    }

    private static ImmutableArray<LocalInstance> Instances(IEnumerable<int> connections) =>
    [
        .. connections.Select((count, i) =>
        {
            var instance = new LocalInstance(new InstanceId(DeploymentName.Parse("shop"), ServiceName.Parse("db"), i, 1), new Ipv4Address((uint)i));
            for (var added = 0; added < count; added++)
            {
                instance.Connections.Add();
            }

            return instance;
        }),
    ];
}
