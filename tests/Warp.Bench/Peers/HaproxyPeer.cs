using System.Net;
using Warp.Bench.Compare;

namespace Warp.Bench.Peers;

/// <summary>A pair of haproxies: each connection is a TLS connection of its own.</summary>
internal sealed class HaproxyPeer : TunnelPeer
{
    internal override string Name => "haproxy";

    internal override string Note => "mutual TLS 1.3 for each connection; 2 threads, sessions resumed, 16 kB buffers (its defaults)";

    internal override IReadOnlyList<string> Needs => ["haproxy"];

    internal override IReadOnlyList<string> VersionCommand => ["haproxy", "-v"];

    internal override async Task<IPEndPoint> StartAsync(PeerSetting setting, CancellationToken cancellationToken)
    {
        var files = setting.Credentials;
        var client = await BundleAsync(setting, "client.pem", files.ClientCertificate, files.ClientKey, cancellationToken);
        var server = await BundleAsync(setting, "server.pem", files.ServerCertificate, files.ServerKey, cancellationToken);
        var exit = await WriteAsync(setting, "exit.cfg", $"bind {setting.Exit} ssl ssl-min-ver TLSv1.3 crt {server} ca-file {files.Authority} verify required", $"{setting.Server}", cancellationToken);
        var entry = await WriteAsync(
            setting,
            "entry.cfg",
            $"bind {setting.LocalEntry}",
            $"{setting.Exit} ssl ssl-min-ver TLSv1.3 crt {client} ca-file {files.Authority} verify required verifyhost {BenchCredentials.ServerName}",
            cancellationToken);
        setting.Spawn(setting.ServerHost, "haproxy", "-db", "-q", "-f", exit);
        setting.Spawn(setting.ClientHost, "haproxy", "-db", "-q", "-f", entry);
        await setting.AwaitListenerAsync(setting.ServerHost, cancellationToken);
        await setting.AwaitListenerAsync(setting.ClientHost, cancellationToken);
        return setting.LocalEntry;
    }

    // It wants certificate and key in one file.
    private static async Task<string> BundleAsync(PeerSetting setting, string name, string certificate, string key, CancellationToken cancellationToken) =>
        await setting.WriteAsync(name, await File.ReadAllTextAsync(certificate, cancellationToken) + "\n" + await File.ReadAllTextAsync(key, cancellationToken) + "\n", cancellationToken);

    private static Task<string> WriteAsync(PeerSetting setting, string name, string bind, string server, CancellationToken cancellationToken) => setting.WriteAsync(name, $"""
        global
            maxconn 9800
        defaults
            mode tcp
            timeout connect 10s
            timeout client 1h
            timeout server 1h
        listen tunnel
            {bind}
            server next {server}

        """, cancellationToken);
}
