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
        Bytes(tunnel.BytesSent),
        Bytes(tunnel.BytesReceived),
        tunnel.Cipher ?? "-",
    ];

    private static string Bytes(long count) => count switch
    {
        < 10_000 => string.Create(CultureInfo.InvariantCulture, $"{count} B"),
        < 10_000_000 => string.Create(CultureInfo.InvariantCulture, $"{count / 1e3:0} kB"),
        < 10_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{count / 1e6:0} MB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{count / 1e9:0} GB"),
    };
}
