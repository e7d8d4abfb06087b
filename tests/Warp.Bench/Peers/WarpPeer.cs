using System.Globalization;
using System.Net;
using Warp.Bench.Compare;

namespace Warp.Bench.Peers;

/// <summary>This project's relay with its defaults.</summary>
internal sealed class WarpPeer : TunnelPeer
{
    internal const string Ours = "warp";

    internal override string Name => Ours;

    internal override string Note => "mutual TLS 1.3, AES-128-GCM, streams over 2 trunks, defaults";

    internal override async Task<IPEndPoint> StartAsync(PeerSetting setting, CancellationToken cancellationToken)
    {
        var files = setting.Credentials;
        setting.Spawn(setting.ServerHost, Command.Self(
            "relay", "exit", "--listen", $"{setting.Exit}", "--target", $"{setting.Server}",
            "--cert", files.ServerCertificate, "--key", files.ServerKey, "--ca", files.Authority, "--other", BenchCredentials.ClientRunner));
        await setting.AwaitListenerAsync(setting.ServerHost, cancellationToken);
        setting.Spawn(setting.ClientHost, Command.Self(
            "relay", "entry", "--listen", $"{setting.LocalEntry}", "--peer", $"{setting.Exit}", "--port", setting.ServerPort.ToString(CultureInfo.InvariantCulture),
            "--cert", files.ClientCertificate, "--key", files.ClientKey, "--ca", files.Authority, "--other", BenchCredentials.ServerRunner));
        await setting.AwaitListenerAsync(setting.ClientHost, cancellationToken);
        return setting.LocalEntry;
    }
}
