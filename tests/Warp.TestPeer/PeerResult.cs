using System.Text.Json;

namespace Warp.TestPeer;

/// <summary>What a client command found out; printed as one line of JSON.</summary>
/// <param name="Ok">Whether it went as the command expects.</param>
/// <param name="Detail">What was read, or what went wrong: for socket errors the name of <see cref="System.Net.Sockets.SocketError"/>.</param>
/// <param name="Milliseconds">How long it took.</param>
public sealed record PeerResult(bool Ok, string Detail, long Milliseconds)
{
    /// <summary>Reads the last line of a peer's output.</summary>
    public static PeerResult Parse(string output)
    {
        ArgumentNullException.ThrowIfNull(output);
        return JsonSerializer.Deserialize<PeerResult>(output.Trim().Split('\n')[^1])!;
    }

    /// <summary>The line.</summary>
    public string ToJson() => JsonSerializer.Serialize(this);
}
