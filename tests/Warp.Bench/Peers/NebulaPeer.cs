using System.Net;
using Warp.Bench.Compare;

namespace Warp.Bench.Peers;

/// <summary>An overlay network in user space: packets instead of streams, through a TUN device.</summary>
internal sealed class NebulaPeer : TunnelPeer
{
    private const string ClientAddress = "10.88.12.1";
    private const string ServerAddress = "10.88.12.2";

    internal override string Name => "nebula";

    internal override string Note => "packets over a TUN device in user space, AES-256-GCM; MTU 1300 and 1 routine (its defaults)";

    internal override IReadOnlyList<string> Needs => ["nebula", "nebula-cert"];

    internal override IReadOnlyList<string> VersionCommand => ["nebula", "-version"];

    internal override async Task<IPEndPoint> StartAsync(PeerSetting setting, CancellationToken cancellationToken)
    {
        var (authority, key) = (Path.Combine(setting.Folder, "ca.crt"), Path.Combine(setting.Folder, "ca.key"));
        await Command.RunAsync(["nebula-cert", "ca", "-name", "bench", "-duration", "24h", "-out-crt", authority, "-out-key", key], cancellationToken);
        foreach (var (name, address) in new[] { ("exit", ServerAddress), ("entry", ClientAddress) })
        {
            var path = Path.Combine(setting.Folder, name);
            await Command.RunAsync(
                ["nebula-cert", "sign", "-ca-crt", authority, "-ca-key", key, "-name", name, "-ip", $"{address}/24", "-out-crt", $"{path}.crt", "-out-key", $"{path}.key"], cancellationToken);
        }

        var exit = await WriteAsync(setting, "exit", "am_lighthouse: true", setting.ServerHost, cancellationToken);
        var entry = await WriteAsync(setting, "entry", $"am_lighthouse: false, hosts: [\"{ServerAddress}\"]", setting.ClientHost, cancellationToken);
        setting.Spawn(setting.ServerHost, "nebula", "-config", exit);
        setting.Spawn(setting.ClientHost, "nebula", "-config", entry);
        return await setting.AwaitServerAsync(IPAddress.Parse(ServerAddress), cancellationToken);
    }

    private static Task<string> WriteAsync(PeerSetting setting, string name, string lighthouse, BenchHost host, CancellationToken cancellationToken) => setting.WriteAsync($"{name}.yml", $$"""
        pki: {ca: {{setting.Folder}}/ca.crt, cert: {{setting.Folder}}/{{name}}.crt, key: {{setting.Folder}}/{{name}}.key}
        static_host_map: {"{{ServerAddress}}": ["{{setting.Exit}}"]}
        lighthouse: { {{lighthouse}} }
        listen: {host: {{host.Address}}, port: {{setting.Port}}}
        cipher: aes
        tun: {dev: nebula-{{name}}, mtu: 1300}
        logging: {level: error}
        firewall:
          conntrack: {tcp_timeout: 12m, udp_timeout: 3m, default_timeout: 10m}
          outbound: [{port: any, proto: any, host: any}]
          inbound: [{port: any, proto: any, host: any}]

        """, cancellationToken);
}
