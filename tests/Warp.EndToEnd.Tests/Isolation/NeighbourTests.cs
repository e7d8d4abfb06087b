using Shouldly;
using Warp.EndToEnd.Tests.Fixture;
using Warp.Lab.Deployments;
using Xunit;

namespace Warp.EndToEnd.Tests.Isolation;

/// <summary>What another deployment on the same runners reaches: nothing.</summary>
[Collection(LabGroup.Name)]
public sealed class NeighbourTests(LabFixture lab)
{
    // No port of the neighbour's own: wherever its connection leads, an answer would be somebody else's.
    private const string NeighbourPort = "9";

    // Four attempts of the kernel: after 0, 1, 3 and 7 s.
    private const string Patience = "10";

    [Theory]
    [InlineData(Placement.OneRunner)]
    [InlineData(Placement.TwoRunners)]
    public async Task Another_deployment_reaches_neither_addresses_nor_containers(Placement placement)
    {
        await using var pair = await PeerPair.StartAsync(lab, placement);
        await using var neighbours = await LabDeployment.StartAsync(
            lab.Lab, "neighbours", LabService.Peer("n1", "r1", NeighbourPort), LabService.Peer("n2", "r2", NeighbourPort));

        string[] addresses = [pair.App.IstAddress, pair.Db.IstAddress, pair.App.Address!, pair.Db.Address!];
        LabContainer[] containers = [await neighbours.ContainerAsync("n1"), await neighbours.ContainerAsync("n2")];

        await Task.WhenAll(containers.SelectMany(_ => addresses, async (neighbour, address) =>
        {
            var result = await PeerPair.RunAsync(neighbour, "visit", address, PeerPair.Port, Patience);
            result.Ok.ShouldBeFalse($"a neighbour on {neighbour.Runner.Name} reached {address}: {result.Detail}");
        }));
    }

    [Fact]
    public async Task A_container_does_not_reach_the_ports_of_the_nodes()
    {
        await using var pair = await PeerPair.StartAsync(lab, Placement.OneRunner);
        var gateway = (await lab.R1.DockerAsync("inspect", "--format", "{{range .NetworkSettings.Networks}}{{.Gateway}}{{end}}", pair.App.Id)).Ensure().Output.Trim();

        foreach (var address in new[] { gateway, lab.R1.Address })
        {
            foreach (var port in new[] { "4053", "4054", "8558", "15001" })
            {
                var result = await PeerPair.RunAsync(pair.App, "visit", address, port, Patience);
                result.Detail.ShouldBeOneOf("ConnectionRefused", "TimedOut", "HostUnreachable", "NetworkUnreachable", "The operation was canceled.", "OperationCanceled");
            }
        }
    }
}
