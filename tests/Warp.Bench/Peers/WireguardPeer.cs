using System.Net;
using Warp.Bench.Compare;

namespace Warp.Bench.Peers;

/// <summary>WireGuard in user space (not the kernel's): packets instead of streams, through a TUN device.</summary>
internal sealed class WireguardPeer : TunnelPeer
{
    private const string ClientAddress = "10.88.11.1";
    private const string ServerAddress = "10.88.11.2";

    // wireguard-go listens for its configuration at a socket that is named after the device, so the device has a name of this process.
    private static readonly string Suffix = $"{Environment.ProcessId}";
    private static readonly Dictionary<string, string> Quiet = new(StringComparer.Ordinal) { ["LOG_LEVEL"] = "error" };

    internal override string Name => "wireguard";

    internal override string Note => "wireguard-go: packets over a TUN device in user space, ChaCha20-Poly1305; MTU 1420";

    internal override IReadOnlyList<string> Needs => ["wireguard-go", "wg"];

    internal override IReadOnlyList<string> VersionCommand => ["wireguard-go", "--version"];

    internal override async Task<IPEndPoint> StartAsync(PeerSetting setting, CancellationToken cancellationToken)
    {
        var (exit, entry) = (await EndAsync(setting, setting.ServerHost, "wgb", cancellationToken), await EndAsync(setting, setting.ClientHost, "wga", cancellationToken));
        await Command.RunAsync(["wg", "set", exit.Device, "private-key", exit.KeyFile, "listen-port", setting.PortText, "peer", entry.PublicKey, "allowed-ips", $"{ClientAddress}/32"], cancellationToken);
        await Command.RunAsync(["wg", "set", entry.Device, "private-key", entry.KeyFile, "peer", exit.PublicKey, "allowed-ips", $"{ServerAddress}/32", "endpoint", $"{setting.Exit}"], cancellationToken);
        await SetUpAsync(setting.ServerHost, exit.Device, ServerAddress, cancellationToken);
        await SetUpAsync(setting.ClientHost, entry.Device, ClientAddress, cancellationToken);
        return await setting.AwaitServerAsync(IPAddress.Parse(ServerAddress), cancellationToken);
    }

    private static async Task<(string Device, string KeyFile, string PublicKey)> EndAsync(PeerSetting setting, BenchHost host, string name, CancellationToken cancellationToken)
    {
        var device = name + Suffix;
        setting.Spawn(host, Quiet, "wireguard-go", "-f", device);
        await setting.AwaitAsync($"there is no device {device}", () => SucceedsAsync(["wg", "show", device], cancellationToken), cancellationToken);
        var file = await setting.WriteAsync($"{name}.key", await Command.RunAsync(["wg", "genkey"], cancellationToken), cancellationToken);
        return (device, file, (await Command.RunAsync(["sh", "-c", "wg pubkey < \"$0\"", file], cancellationToken)).Trim());
    }

    private static async Task SetUpAsync(BenchHost host, string device, string address, CancellationToken cancellationToken)
    {
        await host.RunAsync($"ip addr add {address}/24 dev {device}", cancellationToken);
        await host.RunAsync($"ip link set {device} up mtu 1420", cancellationToken);
    }

    private static async Task<bool> SucceedsAsync(IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        try
        {
            await Command.RunAsync(command, cancellationToken);
            return true;
        }
        catch (BenchException)
        {
            return false;
        }
    }
}
