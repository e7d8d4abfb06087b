using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Warp.TestPeer;

/// <summary>The client commands; each returns what it read, or throws.</summary>
internal static class PeerClient
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    // Longer than a service may hold a caller on a loaded machine: then it is the runner that ends the waiting, not this program.
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(90);

    /// <summary>Sends a text, finishes sending, reads the echo to its end: also a half-close by the client.</summary>
    public static async Task<string> EchoAsync(string host, string port, string text)
    {
        using var socket = await AskAsync(host, port, "echo");
        await Wire.SendAsync(socket, text);
        socket.Shutdown(SocketShutdown.Send);
        var answer = await Wire.ReadToEndAsync(socket).WaitAsync(Patience);
        return string.Equals(answer, text, StringComparison.Ordinal) ? answer : throw new PeerException($"sent '{text}', got '{answer}'");
    }

    /// <summary>Echo on every port; names those that fail.</summary>
    public static async Task<string> PortsAsync(string host, IReadOnlyList<string> ports)
    {
        var failed = new List<string>();
        foreach (var port in ports)
        {
            try
            {
                await EchoAsync(host, port, $"port {port}");
            }
            catch (Exception e) when (e is SocketException or TimeoutException or PeerException)
            {
                failed.Add($"{port}: {e.Message}");
            }
        }

        return failed.Count == 0 ? $"{ports.Count} ports" : throw new PeerException(string.Join("; ", failed));
    }

    /// <summary>So many bytes each way at the same time, compared by both ends.</summary>
    public static async Task<string> TransferAsync(string host, string port, string size)
    {
        const ulong seed = 42;
        var bytes = long.Parse(size, CultureInfo.InvariantCulture);
        using var socket = await AskAsync(host, port, $"transfer {size} {seed}");
        var sending = SendAsync();
        var mine = await Wire.ReceivePayloadAsync(socket, bytes, seed + 1);
        await sending;
        var theirs = await Wire.ReadToEndAsync(socket);
        return (mine, theirs) is ("ok", "ok") ? "ok" : throw new PeerException($"client: {mine}; server: {theirs}");

        async Task SendAsync()
        {
            await Wire.SendPayloadAsync(socket, bytes, seed);
            socket.Shutdown(SocketShutdown.Send);
        }
    }

    /// <summary>Opens all connections before any is used, then uses every one.</summary>
    public static async Task<string> ManyAsync(string host, string port, string count)
    {
        var numbers = Enumerable.Range(0, int.Parse(count, CultureInfo.InvariantCulture)).ToArray();
        var sockets = await Task.WhenAll(numbers.Select(_ => AskAsync(host, port, "echo")));
        var answers = await Task.WhenAll(numbers.Select(async number =>
        {
            using var socket = sockets[number];
            await Wire.SendAsync(socket, $"connection {number}\n");
            return await Wire.ReadLineAsync(socket).WaitAsync(Patience);
        }));
        var wrong = numbers.Count(number => !string.Equals(answers[number], $"connection {number}", StringComparison.Ordinal));
        return wrong == 0 ? $"{numbers.Length} connections" : throw new PeerException($"{wrong} of {numbers.Length} connections answered wrongly");
    }

    /// <summary>Waits for the server's words before saying any.</summary>
    public static async Task<string> GreetingAsync(string host, string port)
    {
        using var socket = await ConnectAsync(host, port);
        return await Wire.ReadLineAsync(socket).WaitAsync(Patience);
    }

    /// <summary>The client finishes first; the server answers so many seconds later.</summary>
    public static async Task<string> LateAsync(string host, string port, string seconds)
    {
        using var socket = await AskAsync(host, port, $"late {seconds}");
        socket.Shutdown(SocketShutdown.Send);
        return await Wire.ReadToEndAsync(socket).WaitAsync(Seconds(seconds) + Patience);
    }

    /// <summary>The server finishes first; what the client sends so many seconds after that must still arrive.</summary>
    public static async Task<string> HalfCloseAsync(string host, string port, string text, string seconds = "0")
    {
        using (var socket = await AskAsync(host, port, "half-close"))
        {
            var bye = await Wire.ReadToEndAsync(socket).WaitAsync(Patience);
            await Task.Delay(Seconds(seconds));
            await Wire.SendAsync(socket, $"{bye}, {text}");
        }

        var clock = Stopwatch.StartNew();
        string last;
        do
        {
            using var socket = await AskAsync(host, port, "last");
            last = await Wire.ReadToEndAsync(socket).WaitAsync(Patience);
        }
        while (!last.EndsWith(text, StringComparison.Ordinal) && clock.Elapsed < Patience);
        return last;
    }

    /// <summary>One exchange, so many seconds of silence, another exchange on the same connection.</summary>
    public static async Task<string> IdleAsync(string host, string port, string seconds)
    {
        using var socket = await AskAsync(host, port, "echo");
        await Wire.SendAsync(socket, "before\n");
        var before = await Wire.ReadLineAsync(socket).WaitAsync(Patience);
        await Task.Delay(Seconds(seconds));
        await Wire.SendAsync(socket, "after\n");
        return $"{before} and {await Wire.ReadLineAsync(socket).WaitAsync(Patience)}";
    }

    /// <summary>Small exchanges on one connection for so many seconds; tells how many, and the longest wait for one.</summary>
    public static async Task<string> BusyAsync(string host, string port, string seconds)
    {
        using var socket = await AskAsync(host, port, "echo");
        var clock = Stopwatch.StartNew();
        var exchanges = 0;
        var longest = TimeSpan.Zero;
        while (clock.Elapsed < Seconds(seconds))
        {
            var begin = clock.Elapsed;
            await Wire.SendAsync(socket, $"{exchanges}\n");
            var answer = await Wire.ReadLineAsync(socket).WaitAsync(Patience);
            if (!string.Equals(answer, $"{exchanges}", StringComparison.Ordinal))
            {
                throw new PeerException($"exchange {exchanges} was answered by '{answer}'");
            }

            exchanges++;
            longest = clock.Elapsed - begin > longest ? clock.Elapsed - begin : longest;
            await Task.Delay(10);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{exchanges} exchanges, longest {longest.TotalMilliseconds:0} ms");
    }

    /// <summary>Receives from a server that never stops sending; whatever ends it is thrown.</summary>
    public static async Task<string> PullAsync(string host, string port)
    {
        using var socket = await AskAsync(host, port, "source");
        throw new PeerException(await Wire.ReceivePayloadAsync(socket, long.MaxValue, Payload.EndlessSeed));
    }

    /// <summary>Sends to a server that never stops reading; whatever ends it is thrown.</summary>
    public static async Task<string> PushAsync(string host, string port)
    {
        using var socket = await AskAsync(host, port, "sink");
        await Wire.SendPayloadAsync(socket, long.MaxValue, Payload.EndlessSeed);
        return "sent all";
    }

    /// <summary>Asks for something and reads the whole answer.</summary>
    public static async Task<string> ReadAsync(string host, string port, string request)
    {
        using var socket = await AskAsync(host, port, request);
        return await Wire.ReadToEndAsync(socket).WaitAsync(Patience);
    }

    /// <summary>Asks who it is that is reached, and gives up the connecting after so many seconds.</summary>
    public static async Task<string> VisitAsync(string host, string port, string seconds)
    {
        using var socket = await ConnectAsync(host, port, Seconds(seconds));
        await Wire.SendAsync(socket, "who\n");
        return await Wire.ReadToEndAsync(socket).WaitAsync(Patience);
    }

    /// <summary>Looks a name up as every program does, by the C library, and says its addresses.</summary>
    public static async Task<string> ResolveAsync(string host) =>
        string.Join(' ', (await Dns.GetHostAddressesAsync(host).WaitAsync(Patience)).Select(address => address.ToString()).Order(StringComparer.Ordinal));

    /// <summary>Looks the name of an address up.</summary>
    public static async Task<string> NameOfAsync(string address) => (await Dns.GetHostEntryAsync(IPAddress.Parse(address)).WaitAsync(Patience)).HostName;

    /// <summary>Connects and says what the server shall do.</summary>
    internal static async Task<Socket> AskAsync(string host, string port, string request)
    {
        var socket = await ConnectAsync(host, port);
        await Wire.SendAsync(socket, $"{request}\n");
        return socket;
    }

    private static TimeSpan Seconds(string number) => TimeSpan.FromSeconds(int.Parse(number, CultureInfo.InvariantCulture));

    private static Task<Socket> ConnectAsync(string host, string port) => ConnectAsync(host, port, ConnectPatience);

    private static async Task<Socket> ConnectAsync(string host, string port, TimeSpan patience)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            var addresses = await Dns.GetHostAddressesAsync(host, AddressFamily.InterNetwork);
            using var deadline = new CancellationTokenSource(patience);
            await socket.ConnectAsync(addresses[0], int.Parse(port, CultureInfo.InvariantCulture), deadline.Token);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
