using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Warp.TestPeer;

const string usage = """
    serve PORT|greet:PORT...
    echo HOST PORT TEXT | ports HOST PORT... | transfer HOST PORT BYTES | many HOST PORT COUNT | greeting HOST PORT | half-close HOST PORT TEXT [SECONDS] | late HOST PORT SECONDS
    witness HOST PORT HELD       (until it is ended)
    load HOST PORT PER_SECOND | load-url URL INGRESS_ADDRESS CA_FILE HTTP_VERSION PER_SECOND       (until it is ended)
    idle HOST PORT SECONDS | busy HOST PORT SECONDS | pull HOST PORT | push HOST PORT | read HOST PORT REQUEST | visit HOST PORT SECONDS | rude HOST PORT COUNT | resolve HOST | name-of ADDRESS       (HOST may be $NAME of an environment variable)
    """;

if (args is ["serve", ..])
{
    // As process 1 of a container it has to take the signal by itself.
    using var stop = PosixSignalRegistration.Create(PosixSignal.SIGTERM, static _ => Environment.Exit(0));
    await new PeerServer().RunAsync(args[1..]);
    return 0;
}

if (args is ["load" or "load-url", ..])
{
    using var stop = PosixSignalRegistration.Create(PosixSignal.SIGTERM, static _ => Environment.Exit(0));
    await (args switch
    {
        ["load", var at, var port, var perSecond] => ConstantLoad.Plain(Named(at), port, perSecond),
        ["load-url", var url, var ingress, var authority, var version, var perSecond] => ConstantLoad.Public(url, ingress, authority, version, perSecond),
        _ => throw new PeerException(usage),
    }).RunAsync();
    return 0;
}

if (args is ["witness", var witnessed, var witnessedPort, var held])
{
    using var stop = PosixSignalRegistration.Create(PosixSignal.SIGTERM, static _ => Environment.Exit(0));
    await new Witness(Named(witnessed), witnessedPort, int.Parse(held, CultureInfo.InvariantCulture)).RunAsync();
    return 0;
}

var host = Named(args.ElementAtOrDefault(1) ?? "");
var clock = Stopwatch.StartNew();
try
{
    var detail = await (args switch
    {
        ["echo", _, var port, var text] => PeerClient.EchoAsync(host, port, text),
        ["ports", _, ..] => PeerClient.PortsAsync(host, args[2..]),
        ["transfer", _, var port, var size] => PeerClient.TransferAsync(host, port, size),
        ["many", _, var port, var count] => PeerClient.ManyAsync(host, port, count),
        ["greeting", _, var port] => PeerClient.GreetingAsync(host, port),
        ["half-close", _, var port, var text, .. var wait] => PeerClient.HalfCloseAsync(host, port, text, wait is [var seconds] ? seconds : "0"),
        ["late", _, var port, var seconds] => PeerClient.LateAsync(host, port, seconds),
        ["idle", _, var port, var seconds] => PeerClient.IdleAsync(host, port, seconds),
        ["busy", _, var port, var seconds] => PeerClient.BusyAsync(host, port, seconds),
        ["pull", _, var port] => PeerClient.PullAsync(host, port),
        ["push", _, var port] => PeerClient.PushAsync(host, port),
        ["read", _, var port, var request] => PeerClient.ReadAsync(host, port, request),
        ["visit", _, var port, var seconds] => PeerClient.VisitAsync(host, port, seconds),
        ["rude", _, var port, var count] => RudeClients.RunAsync(host, port, count),
        ["resolve", _] => PeerClient.ResolveAsync(host),
        ["name-of", _] => PeerClient.NameOfAsync(host),
        _ => throw new PeerException(usage),
    });
    Console.WriteLine(new PeerResult(true, detail, clock.ElapsedMilliseconds).ToJson());
    return 0;
}
catch (Exception e) when (e is SocketException or PeerException or TimeoutException or OperationCanceledException)
{
    var detail = e is SocketException socket ? socket.SocketErrorCode.ToString() : e.Message;
    Console.WriteLine(new PeerResult(false, detail, clock.ElapsedMilliseconds).ToJson());
    return 1;
}

static string Named(string host) => host is ['$', .. var variable] ? Environment.GetEnvironmentVariable(variable) ?? "" : host;
