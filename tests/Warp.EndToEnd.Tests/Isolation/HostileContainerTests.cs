using System.Globalization;
using System.Text.Json;
using Shouldly;
using Warp.EndToEnd.Tests.Fixture;
using Warp.Lab;
using Warp.Lab.Deployments;
using Xunit;

namespace Warp.EndToEnd.Tests.Isolation;

/// <summary>What somebody who has become root in a container of another deployment, with every right over its network, reaches on both runners: nothing.</summary>
[Collection(LabGroup.Name)]
public sealed class HostileContainerTests(LabFixture lab)
{
    private const int Greeting = 3212;
    private const int NamePort = 53;
    private static readonly int[] NodePorts = [4053, 4054, 8558];

    // The host's own services, what an engine may listen on, and the listeners behind our own redirections.
    private static readonly int[] HostPorts = [.. NodePorts, 22, NamePort, 2375, 2376, 15001, 15053];

    [Fact]
    public async Task A_scan_finds_no_address_of_another_deployment_and_no_port_of_a_node()
    {
        await using var pair = await PeerPair.StartAsync(lab, Placement.TwoRunners);
        await using var neighbours = await LabDeployment.StartAsync(lab.Lab, "hostile", LabService.Peer("n1", "r1", "9"), LabService.Peer("n2", "r2", "9"));
        var container = await neighbours.ContainerAsync("n1");
        var root = await HostileRoot.InAsync(container);

        var services = Addresses(pair.App.IstAddress).Concat(Addresses(pair.Db.IstAddress));
        var containers = Addresses(pair.App.Address!).Concat(Addresses(pair.Db.Address!));
        var (_, answered) = await root.ScanAsync(services.Concat(containers).Select(address => (address, Greeting)));
        answered.ShouldBeEmpty();

        string[] hosts = [.. await HostAddressesAsync(lab.R1), lab.R2.Address];
        hosts.Length.ShouldBeGreaterThan(4, "the runner's own address, its engine's, both deployments', and the other runner's");
        var (connected, _) = await root.ScanAsync(hosts.SelectMany(_ => HostPorts, (host, port) => (host, port)));
        connected.ShouldBe([$"{Addresses(container.Address!).First()}:{NamePort}"], "the name server of its own deployment");

        using var api = lab.Api();
        var denials = (await api.GetAsync("/warp/v1/runners/r1/denials")).Body;
        foreach (var told in new[] { "UnknownService", "Container", "HostPort", "NodePort", "hostile/n1#0@" })
        {
            denials.ShouldContain(told);
        }
    }

    [Fact]
    public async Task An_address_of_another_deployment_opens_nothing_when_it_is_taken_on()
    {
        await using var pair = await PeerPair.StartAsync(lab, Placement.TwoRunners);
        await using var neighbours = await LabDeployment.StartAsync(lab.Lab, "hostile", LabService.Peer("n1", "r1", "9"));
        var root = await HostileRoot.InAsync(await neighbours.ContainerAsync("n1"));
        string[] targets = [pair.App.IstAddress, pair.Db.IstAddress, pair.App.Address!, pair.Db.Address!];

        foreach (var source in new[] { pair.App.Address!, pair.App.IstAddress, lab.R1.Address, (await HostAddressesAsync(lab.R1))[^1] })
        {
            await root.IpAsync("address", "add", $"{source}/32", "dev", "eth0");
            var (connected, _) = await root.ScanAsync(targets.Except([source], StringComparer.Ordinal).Select(target => (target, Greeting)), source);
            connected.ShouldBeEmpty($"as {source}");
            await root.IpAsync("address", "delete", $"{source}/32", "dev", "eth0");
        }

        (await pair.AppToDbAsync("echo", PeerPair.Port, "still there")).Ok.ShouldBeTrue();
    }

    [Fact]
    public async Task The_same_scan_by_a_container_of_the_deployment_finds_both_services()
    {
        await using var pair = await PeerPair.StartAsync(lab, Placement.TwoRunners);
        var app = await HostileRoot.InAsync(pair.App);

        var (_, answered) = await app.ScanAsync(Addresses(pair.App.IstAddress).Select(address => (address, Greeting)));

        answered.ShouldBe([$"{pair.App.IstAddress}:{Greeting}", $"{pair.Db.IstAddress}:{Greeting}"], ignoreOrder: true);
    }

    // All that share the first three numbers.
    private static IEnumerable<string> Addresses(string address)
    {
        var network = address[..(address.LastIndexOf('.') + 1)];
        return Enumerable.Range(1, 254).Select(host => string.Create(CultureInfo.InvariantCulture, $"{network}{host}"));
    }

    // Every address of the runner but its loopback's, which in a container is the container's own.
    private static async Task<IReadOnlyList<string>> HostAddressesAsync(LabRunner runner)
    {
        var listed = (await runner.Machine.RunAsync(["ip", "-json", "-4", "address", "show"])).Ensure().Output;
        using var document = JsonDocument.Parse(listed);
        return
        [
            .. document.RootElement.EnumerateArray()
                .SelectMany(link => link.GetProperty("addr_info").EnumerateArray())
                .Select(address => address.GetProperty("local").GetString()!)
                .Where(address => !address.StartsWith("127.", StringComparison.Ordinal)),
        ];
    }
}
