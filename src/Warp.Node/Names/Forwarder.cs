using System.Buffers.Binary;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Warp.Node.Names;

/// <summary>
/// Asks the name servers of the host what the node does not know. The query passes as it came but for its number: EDNS, flags and what is still to be invented arrive there, and
/// the answer arrives here, also one that says "too long, ask by TCP". Each question has its own socket, and so its own random port.
/// </summary>
/// <param name="resolvers">Whom to ask.</param>
/// <param name="patience">How long one server may take.</param>
internal sealed class Forwarder(HostResolvers resolvers, TimeSpan patience)
{
    // Clients say up to 4096, mostly 1232.
    private const int LargestDatagram = 16 * 1024;
    private const byte OutcomeMask = 0x0F;

    /// <summary>Asks one server after the other until one gives an answer that settles it.</summary>
    /// <param name="query">What was asked.</param>
    /// <param name="question">Its question.</param>
    /// <param name="overTcp">Whether it came by TCP, and so goes on by TCP.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The answer, with the number of the query; null when no server gave any.</returns>
    public async Task<byte[]?> AskAsync(ReadOnlyMemory<byte> query, DnsQuestion question, bool overTcp, CancellationToken cancellationToken)
    {
        byte[]? unsettled = null;
        foreach (var server in resolvers.InOrder())
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(patience);
            try
            {
                var answer = overTcp
                    ? await AskByTcpAsync(server, query, question, limit.Token)
                    : await AskByUdpAsync(server, query, question, limit.Token);
                query.Span[..2].CopyTo(answer);
                server.Answered();
                if ((DnsOutcome)(answer[3] & OutcomeMask) is DnsOutcome.Done or DnsOutcome.NoSuchName)
                {
                    return answer;
                }

                unsettled ??= answer;
            }
            catch (Exception failure) when (failure is SocketException or IOException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                server.Failed();
            }
        }

        return unsettled;
    }

    private static async Task<byte[]> AskByUdpAsync(NameServerHealth server, ReadOnlyMemory<byte> query, DnsQuestion question, CancellationToken cancellationToken)
    {
        using var socket = new Socket(server.Endpoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server.Endpoint, cancellationToken);
        var (numbered, buffer) = (Renumber(query), new byte[LargestDatagram]);
        _ = await socket.SendAsync(numbered, cancellationToken);
        while (true)
        {
            // Whoever guesses the port still has to guess the number; what does not fit is not the answer, and the answer may still come.
            var received = buffer.AsMemory(0, await socket.ReceiveAsync(buffer, cancellationToken));
            if (IsAnswer(received.Span, numbered, question))
            {
                return received.ToArray();
            }
        }
    }

    private static async Task<byte[]> AskByTcpAsync(NameServerHealth server, ReadOnlyMemory<byte> query, DnsQuestion question, CancellationToken cancellationToken)
    {
        using var socket = new Socket(server.Endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server.Endpoint, cancellationToken);
        await using var stream = new NetworkStream(socket);
        var numbered = Renumber(query);
        await DnsStream.WriteAsync(stream, numbered, cancellationToken);
        return await DnsStream.ReadAsync(stream, cancellationToken) is { } answer && IsAnswer(answer, numbered, question)
            ? answer
            : throw new IOException($"{server.Endpoint} did not answer the question");
    }

    private static byte[] Renumber(ReadOnlyMemory<byte> query)
    {
        var copy = query.ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(copy, (ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1));
        return copy;
    }

    // The number, "this is an answer", and the question as it was asked, letter case included. A server that could not read the question may leave it out.
    private static bool IsAnswer(ReadOnlySpan<byte> answer, ReadOnlySpan<byte> query, in DnsQuestion question) =>
        answer.Length >= DnsQuestion.Start
        && answer[..2].SequenceEqual(query[..2])
        && (answer[2] & 0x80) != 0
        && (BinaryPrimitives.ReadUInt16BigEndian(answer[4..]) == 0
            ? answer.Length == DnsQuestion.Start && (answer[3] & OutcomeMask) != 0
            : answer.Length >= question.End && answer[DnsQuestion.Start..question.End].SequenceEqual(query[DnsQuestion.Start..question.End]));
}
