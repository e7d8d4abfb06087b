using System.Net;
using Warp.Bench.Compare;

namespace Warp.Bench.Peers;

/// <summary>A pair of stunnels: a TLS connection and a thread for each connection.</summary>
internal sealed class StunnelPeer : TunnelPeer
{
    internal override string Name => "stunnel";

    internal override string Note => "mutual TLS 1.3 and a thread for each connection; no Nagle delay, sessions resumed";

    internal override IReadOnlyList<string> Needs => ["stunnel4"];

    internal override IReadOnlyList<string> VersionCommand => ["sh", "-c", "stunnel4 -version 2>&1 | grep -m1 '^stunnel'"];

    internal override async Task<IPEndPoint> StartAsync(PeerSetting setting, CancellationToken cancellationToken)
    {
        var files = setting.Credentials;
        var exit = await WriteAsync(setting, "exit.conf", $"""
            accept = {setting.Exit}
            connect = {setting.Server}
            cert = {files.ServerCertificate}
            key = {files.ServerKey}
            """, cancellationToken);
        var entry = await WriteAsync(setting, "entry.conf", $"""
            client = yes
            accept = {setting.LocalEntry}
            connect = {setting.Exit}
            checkHost = {BenchCredentials.ServerName}
            cert = {files.ClientCertificate}
            key = {files.ClientKey}
            """, cancellationToken);
        setting.Spawn(setting.ServerHost, "stunnel4", exit);
        setting.Spawn(setting.ClientHost, "stunnel4", entry);
        await setting.AwaitListenerAsync(setting.ServerHost, cancellationToken);
        await setting.AwaitListenerAsync(setting.ClientHost, cancellationToken);
        return setting.LocalEntry;
    }

    private static Task<string> WriteAsync(PeerSetting setting, string name, string service, CancellationToken cancellationToken) => setting.WriteAsync(name, $"""
        foreground = yes
        pid =
        syslog = no
        debug = 3
        socket = l:TCP_NODELAY=1
        socket = r:TCP_NODELAY=1
        sslVersionMin = TLSv1.3
        [tunnel]
        libwrap = no
        CAfile = {setting.Credentials.Authority}
        verifyChain = yes
        {service}

        """, cancellationToken);
}
