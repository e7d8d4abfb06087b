using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Shouldly;
using Warp.Cluster.Protocol;
using Warp.Node.Docker;
using Warp.Node.Security;
using Warp.Node.Tests.Docker;
using Xunit;

namespace Warp.Node.Tests.Http;

/// <summary>Programs in a container of a real engine, over a real server; what is passed on goes over two.</summary>
[Collection(EngineCollection.Name)]
public sealed class ExecEndpointsTests(PrivateEngine engine) : EngineTestBase(engine)
{
    private const string Path = "/warp/v1/deployments/shop/services/app/exec";
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);
    private readonly ClusterAuthority _authority = ClusterAuthority.Create(ManagementBed.Cluster, TimeProvider.System);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Input_output_errors_and_the_exit_code_pass_here_and_through_another_runner(bool passedOn)
    {
        await using var bed = await BedAsync(passedOn ? "beta" : "alpha");
        await using var peer = await PeerAsync(bed, passedOn);
        using var socket = await ConnectAsync(bed, "?command=sh&command=-c&command=cat;%20echo%20oops%20%3E%262;%20exit%207");

        await socket.SendAsync(Frame(0, new string('x', 40_000)), WebSocketMessageType.Binary, endOfMessage: true, default);
        await socket.SendAsync(Frame(0, ""), WebSocketMessageType.Binary, endOfMessage: true, default);

        var (output, errors, exit) = await ReadAsync(socket);
        output.ShouldBe(new string('x', 40_000));
        errors.ShouldBe("oops\n");
        exit.ShouldBe(7);
        socket.CloseStatus.ShouldBe(WebSocketCloseStatus.NormalClosure);
    }

    [Fact]
    public async Task A_terminal_takes_the_size_that_the_client_says()
    {
        await using var bed = await BedAsync("alpha");
        using var socket = await ConnectAsync(bed, "?tty=true&command=sh&command=-c&command=read%20go;%20test%20-t%200%20%26%26%20echo%20terminal");

        await socket.SendAsync(new byte[] { 4, 0, 100, 0, 40 }, WebSocketMessageType.Binary, endOfMessage: true, default);
        await socket.SendAsync(Frame(0, "\n"), WebSocketMessageType.Binary, endOfMessage: true, default);

        (await ReadAsync(socket)).Output.ShouldContain("terminal");
    }

    [Fact]
    public async Task A_client_that_goes_away_closes_the_programs_input()
    {
        await using var bed = await BedAsync("alpha");
        using (var socket = await ConnectAsync(bed, "?command=sh&command=-c&command=cat;%20echo%20ended%20%3E/ended"))
        {
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default).WaitAsync(s_limit);
        }

        using var second = await ConnectAsync(bed, "?command=sh&command=-c&command=until%20test%20-f%20/ended;%20do%20sleep%200.05;%20done");
        (await ReadAsync(second)).Exit.ShouldBe(0);
    }

    [Fact]
    public async Task What_cannot_be_started_is_a_problem_before_the_upgrade()
    {
        await using var bed = await BedAsync("alpha");
        using var client = bed.Local();
        (await (await client.GetAsync(Path)).ProblemAsync(HttpStatusCode.BadRequest, "invalid-request")).Fields().ShouldBe(["command"]);
        (await client.GetAsync($"{Path}?command=ls")).StatusCode.ShouldBe(HttpStatusCode.UpgradeRequired);
        bed.Answer = _ => Views.Deployment(InstancePhase.Pulling, container: null);
        (await Should.ThrowAsync<WebSocketException>(() => ConnectAsync(bed, "?command=ls"))).Message.ShouldContain("409");
    }

    private static byte[] Frame(byte channel, string text) => [channel, .. Encoding.UTF8.GetBytes(text)];

    private async Task<ManagementBed> BedAsync(string runner)
    {
        var container = (await RunAsync(await PlanAsync("app", "sleep 1000"))).ContainerId;
        var bed = await ManagementBed.StartAsync(authority: _authority);
        bed.Exec = Exec;
        bed.Answer = message => message is GetDeployment ? Views.Deployment(runner: runner, container: container) : null;
        return bed;
    }

    private async Task<ManagementBed> PeerAsync(ManagementBed bed, bool passedOn)
    {
        var peer = await ManagementBed.StartAsync("beta", authority: _authority);
        var deployment = bed.Answer;
        (peer.Exec, peer.Answer) = (Exec, deployment);
        bed.Exec = passedOn ? new DockerExec(new DockerEngine(Options with { Endpoint = new Uri("unix:///nowhere") })) : Exec;
        bed.Answer = message => message is ListRunners ? new RunnerList([Views.Runner("beta", peer.Port)]) : deployment(message);
        return peer;
    }

    private static async Task<WebSocket> ConnectAsync(ManagementBed bed, string query)
    {
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(bed.SocketPath), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        var client = new ClientWebSocket();
        using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        await client.ConnectAsync(new Uri($"ws://localhost{Path}{query}"), invoker, default).WaitAsync(s_limit);
        return client;
    }

    private static async Task<(string Output, string Errors, int Exit)> ReadAsync(WebSocket socket)
    {
        var (output, errors, exit) = (new StringBuilder(), new StringBuilder(), -1);
        var buffer = new byte[64 * 1024];
        while (await socket.ReceiveAsync(buffer.AsMemory(), default).AsTask().WaitAsync(s_limit) is { MessageType: not WebSocketMessageType.Close } piece)
        {
            piece.EndOfMessage.ShouldBeTrue();
            switch (buffer[0])
            {
                case 1:
                    output.Append(Encoding.UTF8.GetString(buffer, 1, piece.Count - 1));
                    break;
                case 2:
                    errors.Append(Encoding.UTF8.GetString(buffer, 1, piece.Count - 1));
                    break;
                case 3:
                    exit = buffer[4];
                    break;
            }
        }

        return (output.ToString(), errors.ToString(), exit);
    }
}
