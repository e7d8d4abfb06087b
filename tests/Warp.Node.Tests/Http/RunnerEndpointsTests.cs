using System.Net;
using Shouldly;
using Warp.Cluster.Protocol;
using Xunit;

namespace Warp.Node.Tests.Http;

public sealed class RunnerEndpointsTests : IAsyncLifetime
{
    private ManagementBed _bed = null!;

    public async Task InitializeAsync()
    {
        _bed = await ManagementBed.StartAsync();
        _bed.Answer = message => message is ListRunners ? new RunnerList([Views.Runner("alpha", 8558, Views.Tunnel("beta")), Views.Runner("beta", 8558, Views.Tunnel("alpha"))]) : null;
    }

    public async Task DisposeAsync() => await _bed.DisposeAsync();

    [Fact]
    public async Task Runners_are_listed()
    {
        using var client = _bed.Local();

        var answer = await (await client.GetAsync("/warp/v1/runners")).JsonAsync(HttpStatusCode.OK);

        answer.GetProperty("runners")[0].GetRawText().ShouldBe(
            """
            {"name":"alpha","reachable":true,"lastSeen":"2030-01-31T12:00:00+00:00","tunnel":"192.0.2.1:4054","management":"127.0.0.1:8558","instances":3,"engineReady":true,"engineVersion":"20.10.24","version":"0.1.0","problems":["the disk is nearly full"],"certificates":{"nodeUntil":"2031-01-31T12:00:00+00:00","tunnelUntil":"2030-02-01T00:00:00+00:00","presents":["0a1b"],"trusts":["0a1b"],"signs":false},"interception":null,"drainedSince":null}
            """);
    }

    [Fact]
    public async Task Each_end_of_each_tunnel_is_listed()
    {
        using var client = _bed.Local();

        var answer = await (await client.GetAsync("/warp/v1/tunnels")).JsonAsync(HttpStatusCode.OK);

        answer.GetProperty("tunnels").GetArrayLength().ShouldBe(2);
        answer.GetProperty("tunnels")[0].GetRawText().ShouldBe(
            """
            {"runner":"alpha","peer":"beta","endpoint":"192.0.2.2:4054","state":"Up","trunks":2,"streams":5,"bytesSent":1000,"bytesReceived":2000,"cipher":"TLS 1.3 AES_128_GCM_SHA256","problem":null}
            """);
    }
}
