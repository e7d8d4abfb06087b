using System.Globalization;

namespace Warp.Lab.Machines;

/// <summary>The one Ethernet that joins the lab's machines: a bridge in a machine of its own, so that the host's firewall and addresses play no part.</summary>
public sealed class Switch : IAsyncDisposable
{
    private const string Bridge = "lan";
    private const string Cut = "cut";
    private readonly Machine _machine;

    private Switch(Machine machine) => _machine = machine;

    /// <summary>The machine that holds the bridge; it is also everybody's default gateway, and leads nowhere.</summary>
    public Machine Machine => _machine;

    /// <summary>The lab's network; each lab may use the same one, because no two share a bridge.</summary>
    public static string AddressOf(int host) => string.Create(CultureInfo.InvariantCulture, $"10.77.0.{host}");

    /// <summary>Makes the switch.</summary>
    public static async Task<Switch> StartAsync(string folder)
    {
        var machine = await Machine.StartAsync("switch", folder);
        await IpAsync(machine, "link", "add", Bridge, "type", "bridge");
        await IpAsync(machine, "address", "add", $"{AddressOf(254)}/24", "dev", Bridge);
        await IpAsync(machine, "link", "set", Bridge, "up");
        return new Switch(machine);
    }

    /// <summary>Plugs a machine in: its <c>eth0</c> gets the address.</summary>
    public async Task PlugInAsync(Machine machine, string address)
    {
        // Only the network namespace is entered here: the target's process id must mean what it means to the host.
        var pid = machine.Init.Pid.ToString(CultureInfo.InvariantCulture);
        var here = _machine.Init.Pid.ToString(CultureInfo.InvariantCulture);
        (await Tool.RunAsync(
            ["nsenter", "--target", here, "--net", "ip", "link", "add", machine.Name, "type", "veth", "peer", "name", "eth0", "netns", pid])).Ensure();
        await IpAsync(_machine, "link", "set", machine.Name, "master", Bridge, "up");
        await IpAsync(machine, "address", "add", $"{address}/24", "dev", "eth0");
        await IpAsync(machine, "link", "set", "eth0", "up");
        await IpAsync(machine, "route", "add", "default", "via", AddressOf(254));
    }

    /// <summary>Pulls the machine's cable: nothing passes, nobody is told.</summary>
    public Task CutOffAsync(Machine machine) => IpAsync(_machine, "link", "set", machine.Name, "nomaster");

    /// <summary>Plugs the cable in again.</summary>
    public Task HealAsync(Machine machine) => IpAsync(_machine, "link", "set", machine.Name, "master", Bridge);

    /// <summary>Cuts one direction only: what the machine hears, or what it says, is lost without a word.</summary>
    /// <param name="machine">Which.</param>
    /// <param name="hears">Whether it goes on hearing what others say; otherwise they go on hearing it.</param>
    public static Task CutOneWayAsync(Machine machine, bool hears)
    {
        ArgumentNullException.ThrowIfNull(machine);
        var (hook, device) = hears ? ("postrouting", "oifname") : ("prerouting", "iifname");
        return NftAsync(machine, $"add table inet {Cut}; add chain inet {Cut} packets {{ type filter hook {hook} priority -400; }}; add rule inet {Cut} packets {device} eth0 drop");
    }

    /// <summary>Both directions again.</summary>
    public static Task HealOneWayAsync(Machine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        return NftAsync(machine, $"delete table inet {Cut}");
    }

    /// <summary>Begins to record every frame that passes the switch.</summary>
    /// <param name="file">A new pcap file.</param>
    public Task<PacketCapture> CaptureAsync(string file) => PacketCapture.StartAsync(_machine, Bridge, file);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _machine.DisposeAsync();

    private static async Task NftAsync(Machine machine, string commands) => (await machine.RunAsync(["nft", commands])).Ensure();

    private static async Task IpAsync(Machine machine, params IReadOnlyList<string> arguments) =>
        (await machine.RunAsync(["ip", .. arguments])).Ensure();
}
