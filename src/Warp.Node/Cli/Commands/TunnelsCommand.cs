using System.CommandLine;
using System.Globalization;
using Warp.Node.Http.Documents;

namespace Warp.Node.Cli.Commands;

/// <summary><c>warp tunnels</c>.</summary>
internal static class TunnelsCommand
{
    public static Command Create(ConnectionOptions connection, CommandOutput output)
    {
        var command = new Command("tunnels", "List the encrypted links between runners, each as either end sees it.");
        ReadingVerb.SetAction(
            command,
            connection,
            output,
            ManagementJson.Default.TunnelListDocument,
            static (node, _, cancellationToken) => node.TunnelsAsync(cancellationToken),
            list => output.Table(["runner", "peer", "at", "state", "trunks", "streams", "sent", "received", "encryption"], list.Tunnels.Select(Row)));
        return command;
    }

    private static IReadOnlyList<string> Row(TunnelDocument tunnel) =>
    [
        tunnel.Runner,
        tunnel.Peer,
        tunnel.Endpoint,
        tunnel.Problem is { } problem ? $"{tunnel.State}: {problem}" : tunnel.State.ToString(),
        tunnel.Trunks.ToString(CultureInfo.InvariantCulture),
        tunnel.Streams.ToString(CultureInfo.InvariantCulture),
        ByteCount.Text(tunnel.BytesSent),
        ByteCount.Text(tunnel.BytesReceived),
        tunnel.Cipher ?? "-",
    ];
}
