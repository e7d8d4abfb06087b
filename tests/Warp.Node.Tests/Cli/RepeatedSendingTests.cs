using System.Net.Sockets;
using System.Text;
using Shouldly;
using Warp.Cluster.Protocol;
using Warp.Node.Configuration;
using Warp.Node.Tests.Http;
using Xunit;

namespace Warp.Node.Tests.Cli;

/// <summary>A change whose answer is lost is sent again as the same wish.</summary>
public sealed class RepeatedSendingTests
{
    [Fact]
    public async Task A_connection_that_is_lost_before_the_answer_is_tried_again_with_the_same_id()
    {
        using var folder = new TemporaryFolder();
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(folder["warp.sock"]));
        listener.Listen();
        var served = ServeAsync(listener, "", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{", Answer("200 OK", """{"name":"shop","revision":2,"services":[]}"""));

        var result = await WarpResult.RunAsync("restart", "shop", "--detach", "--data", folder.Path);

        result.Code.ShouldBe(ExitCode.Ok, result.Error);
        result.Error.ShouldContain("sent again, with the same id");
        var ids = (await served).Select(Id).ToList();
        ids.Count.ShouldBe(3);
        ids.Distinct(StringComparer.Ordinal).Count().ShouldBe(1);
    }

    [Fact]
    public async Task A_removal_whose_answer_was_lost_is_no_failure_when_it_was_done()
    {
        using var folder = new TemporaryFolder();
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(folder["warp.sock"]));
        listener.Listen();
        var served = ServeAsync(listener, "", Answer("404 Not Found", """{"type":"urn:warp:problem:not-found","title":"t","status":404,"detail":"d","errors":[]}"""));

        (await WarpResult.RunAsync("remove", "shop", "--detach", "--data", folder.Path)).Code.ShouldBe(ExitCode.Ok);
        await served;
    }

    [Fact]
    public async Task A_control_plane_that_is_away_is_asked_again_as_long_as_there_is_time()
    {
        await using var bed = await ManagementBed.StartAsync();
        var asked = new List<string?>();
        bed.Answer = message =>
        {
            if (message is ChangeDeployment change)
            {
                asked.Add(change.RequestId);
            }

            return asked.Count > 1 ? new DeploymentAccepted(Views.Shop, 2, Changed: true, Views.Deployment(revision: 2)) : null;
        };

        var result = await WarpResult.RunAsync("restart", "shop", "--detach", "--data", bed.Folder.Path);

        result.Code.ShouldBe(ExitCode.Ok, result.Error);
        asked.Count.ShouldBe(2);
        asked.Distinct(StringComparer.Ordinal).Count().ShouldBe(1);
    }

    [Fact]
    public async Task When_the_time_is_over_the_last_answer_counts()
    {
        await using var bed = await ManagementBed.StartAsync();

        var result = await WarpResult.RunAsync("restart", "shop", "--timeout", "1", "--data", bed.Folder.Path);

        result.Code.ShouldBe(ExitCode.Unreachable);
        result.Error.ShouldContain("no control node answered within 1 s");
    }

    private static string Answer(string status, string body) =>
        $"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}";

    // Takes one connection for each answer, and closes it after the answer, whole or not.
    private static async Task<List<string>> ServeAsync(Socket listener, params string[] answers)
    {
        var requests = new List<string>();
        foreach (var answer in answers)
        {
            using var connection = await listener.AcceptAsync();
            var buffer = new byte[4096];
            requests.Add(Encoding.ASCII.GetString(buffer, 0, await connection.ReceiveAsync(buffer)));
            await connection.SendAsync(Encoding.UTF8.GetBytes(answer));
        }

        return requests;
    }

    private static string Id(string request) => request.Split("\r\n").Single(line => line.StartsWith("Warp-Request-Id: ", StringComparison.Ordinal));
}
