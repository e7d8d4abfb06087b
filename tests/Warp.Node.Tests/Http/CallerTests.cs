using System.Net;
using Shouldly;
using Warp.Node.Tests.Relay;
using Xunit;

namespace Warp.Node.Tests.Http;

public sealed class CallerTests(ApiNode node) : IClassFixture<ApiNode>
{
    [Fact]
    public async Task Probes_need_no_certificate_and_all_else_does()
    {
        using var nobody = node.Client(uri: null);

        (await nobody.GetAsync("/alive")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await nobody.GetStringAsync("/ready")).ShouldBe("OK");
        foreach (var path in (string[])["/warp/v1/deployments", "/warp/v1/runners", "/warp/v1/tunnels", "/cluster/members"])
        {
            var answer = await nobody.GetAsync(path);
            answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden, path);
            (await answer.Content.ReadAsStringAsync()).ShouldContain("certificate");
        }
    }

    [Fact]
    public async Task A_foreign_CA_is_refused()
    {
        using var stranger = node.Client(issuer: new TestAuthority());

        (await stranger.GetAsync("/warp/v1/deployments")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_runner_may_read_and_not_change()
    {
        using var runner = node.Client("warp://test/runner/r2");

        (await runner.GetAsync("/warp/v1/deployments")).StatusCode.ShouldBe(HttpStatusCode.OK);
        var refused = await runner.DeleteAsync("/warp/v1/deployments/anything");
        refused.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("administrator");
    }

    [Fact]
    public async Task The_socket_is_the_local_administrator_and_closed_to_other_users()
    {
        using var local = node.SocketClient();

        (await local.PutAsync("/warp/v1/deployments/local", ApiNode.Json("""{"services":[{"name":"a","image":"i"}]}"""))).StatusCode.ShouldBe(HttpStatusCode.Created);
        File.GetUnixFileMode(Path.Combine(node.DataFolder, "warp.sock")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
