using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Warp.Node.Names;

namespace Warp.Node.Tests.Names;

/// <summary>A name server of the host: port 53 of a loopback address of its own, by UDP and TCP; what it answers is the test's matter.</summary>
internal sealed class Upstream : IDisposable
{
    private static int s_number;
    private readonly Socket _datagrams = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Socket _connections = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Func<byte[], bool, IEnumerable<byte[]>> _answers;

    private Upstream(Func<byte[], bool, IEnumerable<byte[]>> answers)
    {
        _answers = answers;
        var number = Interlocked.Increment(ref s_number);
        Address = IPAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"127.53.{Environment.ProcessId % 250}.{number}"));
        _datagrams.Bind(new IPEndPoint(Address, 53));
        _connections.Bind(new IPEndPoint(Address, 53));
        _connections.Listen();
        _ = ServeDatagramsAsync();
        _ = ServeConnectionsAsync();
    }

    public IPAddress Address { get; }

    /// <summary>What was asked.</summary>
    public ConcurrentQueue<byte[]> Queries { get; } = new();

    /// <summary>One that answers with an address, and with everything that was asked behind it.</summary>
    public static Upstream With(byte lastOctet) => new((query, _) => [Answer(query, 0, lastOctet)]);

    /// <summary>One that answers with an outcome only.</summary>
    public static Upstream Saying(DnsOutcome outcome) => new((query, _) => [Answer(query, (byte)outcome)]);

    /// <summary>One that takes questions and never answers.</summary>
    public static Upstream Silent() => new((_, _) => []);

    /// <summary>One whose answers by UDP and by TCP are the test's.</summary>
    public static Upstream Of(Func<byte[], bool, IEnumerable<byte[]>> answers) => new(answers);

    /// <summary>An answer of 192.0.2.OCTET for each octet.</summary>
    public static byte[] Answer(byte[] query, byte outcome, params IReadOnlyList<byte> lastOctets)
    {
        DnsQuestion.TryRead(query, out var question);
        byte[] head = [.. query[..question.End]];
        (head[2], head[3], head[7]) = (0x81, (byte)(0x80 | outcome), (byte)lastOctets.Count);
        return [.. head, .. lastOctets.SelectMany(octet => new byte[] { 0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, octet }), .. query[question.End..]];
    }

    public void Dispose()
    {
        _datagrams.Dispose();
        _connections.Dispose();
    }

    private async Task ServeDatagramsAsync()
    {
        var buffer = new byte[4096];
        while (true)
        {
            try
            {
                var received = await _datagrams.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0));
                var query = buffer[..received.ReceivedBytes];
                Queries.Enqueue(query);
                foreach (var answer in _answers(query, false))
                {
                    _ = await _datagrams.SendToAsync(answer, received.RemoteEndPoint);
                }
            }
            catch (Exception end) when (end is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeConnectionsAsync()
    {
        try
        {
            while (true)
            {
                await using var stream = new NetworkStream(await _connections.AcceptAsync(), ownsSocket: true);
                while (await DnsStream.ReadAsync(stream, CancellationToken.None) is { } query)
                {
                    Queries.Enqueue(query);
                    foreach (var answer in _answers(query, true))
                    {
                        await DnsStream.WriteAsync(stream, answer, CancellationToken.None);
                    }
                }
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException or IOException)
        {
            // The test is over.
        }
    }
}
