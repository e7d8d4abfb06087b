using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;

namespace Warp.Node.Diagnosis.Paths;

/// <summary>The listening TCP sockets of a process's network namespace (proc_pid_net(5): <c>/proc/PID/net/tcp</c>).</summary>
internal static class ListeningSockets
{
    private const string Listen = "0A";
    private static readonly string[] s_tables = ["tcp", "tcp6"];

    /// <summary>Reads them.</summary>
    /// <exception cref="IOException">The process is gone.</exception>
    public static ImmutableArray<IPEndPoint> Of(int process) =>
    [
        .. s_tables.Select(table => $"/proc/{process}/net/{table}").Where(File.Exists).SelectMany(File.ReadLines).SelectMany(Parse)
            .Distinct().OrderBy(socket => socket.Port).ThenBy(socket => socket.Address.ToString(), StringComparer.Ordinal),
    ];

    // sl local_address rem_address st ...: the address as 32-bit words in the byte order of the host.
    internal static IEnumerable<IPEndPoint> Parse(string line)
    {
        var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length < 4 || !string.Equals(fields[3], Listen, StringComparison.Ordinal) || fields[1].Split(':') is not [var address, var port])
        {
            yield break;
        }

        var bytes = new byte[address.Length / 2];
        for (var word = 0; word < bytes.Length / 4; word++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(word * 4), uint.Parse(address.AsSpan(word * 8, 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
        }

        var parsed = new IPAddress(bytes);
        yield return new IPEndPoint(parsed.IsIPv4MappedToIPv6 ? parsed.MapToIPv4() : parsed, int.Parse(port, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    }
}
