using System.Net;
using Warp.Bench.Compare;

namespace Warp.Bench.Peers;

/// <summary><c>ssh -L</c>: every connection is a channel of one SSH connection.</summary>
internal sealed class SshPeer : TunnelPeer
{
    private const string Cipher = "aes128-gcm@openssh.com";

    internal override string Name => "ssh";

    internal override string Note => $"ssh -L, every connection a channel of one SSH connection; {Cipher}, no compression";

    internal override IReadOnlyList<string> Needs => ["ssh", "sshd", "ssh-keygen"];

    internal override IReadOnlyList<string> VersionCommand => ["ssh", "-V"];

    internal override async Task<IPEndPoint> StartAsync(PeerSetting setting, CancellationToken cancellationToken)
    {
        var (host, user) = (Path.Combine(setting.Folder, "host"), Path.Combine(setting.Folder, "user"));
        foreach (var key in new[] { host, user })
        {
            await Command.RunAsync(["ssh-keygen", "-q", "-t", "ed25519", "-N", string.Empty, "-f", key], cancellationToken);
        }

        // sshd does not start without this folder.
        Directory.CreateDirectory("/run/sshd");
        var hostKey = (await File.ReadAllTextAsync($"{host}.pub", cancellationToken)).Split(' ');
        var known = await setting.WriteAsync("known", $"[{setting.Exit.Address}]:{setting.Port} {hostKey[0]} {hostKey[1]}\n", cancellationToken);
        var configuration = await setting.WriteAsync("sshd.conf", $"""
            ListenAddress {setting.Exit.Address}
            Port {setting.Port}
            HostKey {host}
            AuthorizedKeysFile {user}.pub
            PidFile none
            UsePAM no
            StrictModes no
            PermitRootLogin prohibit-password
            AllowTcpForwarding local
            PermitOpen {setting.Server}
            Ciphers {Cipher}

            """, cancellationToken);
        setting.Spawn(setting.ServerHost, Command.Find("sshd")!, "-D", "-e", "-f", configuration);
        await setting.AwaitListenerAsync(setting.ServerHost, cancellationToken);
        setting.Spawn(
            setting.ClientHost,
            "ssh", "-F", "none", "-N", "-i", user, "-o", "IdentitiesOnly=yes", "-o", $"UserKnownHostsFile={known}", "-o", "ExitOnForwardFailure=yes", "-o", "BatchMode=yes",
            "-p", setting.PortText, "-L", $"{setting.LocalEntry}:{setting.Server}", $"root@{setting.Exit.Address}");
        await setting.AwaitListenerAsync(setting.ClientHost, cancellationToken);
        return setting.LocalEntry;
    }
}
