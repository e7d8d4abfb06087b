using System.Net;
using System.Text.Json;
using Shouldly;
using Xunit;

namespace Warp.Node.Tests.Http;

public sealed class DeploymentRouteTests(ApiNode node) : IClassFixture<ApiNode>
{
    private const string TwoServices = """{"services":[{"name":"app","image":"a"},{"name":"db","image":"d","port":3211,"runner":"r2"}]}""";

    [Fact]
    public async Task A_deployment_is_made_read_listed_and_removed()
    {
        using var client = node.Client();

        var made = await client.PutAsync("/warp/v1/deployments/life", ApiNode.Json(TwoServices));
        made.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await client.PutAsync("/warp/v1/deployments/life", ApiNode.Json(TwoServices))).StatusCode.ShouldBe(HttpStatusCode.OK);

        using var read = JsonDocument.Parse(await client.GetStringAsync("/warp/v1/deployments/life"));
        var db = read.RootElement.GetProperty("services")[1];
        db.GetProperty("port").GetInt32().ShouldBe(3211);
        db.GetProperty("istAddress").GetString().ShouldBe("10.201.0.2");
        db.GetProperty("instances")[0].GetProperty("runner").GetString().ShouldBe("r2");
        db.GetProperty("instances")[0].GetProperty("phase").GetString().ShouldBe("Running");
        (await client.GetStringAsync("/warp/v1/deployments")).ShouldContain("\"life\"");

        (await client.DeleteAsync("/warp/v1/deployments/life")).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        (await client.DeleteAsync("/warp/v1/deployments/life")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await client.GetAsync("/warp/v1/deployments/life")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("/warp/v1/deployments/Bad_Name", TwoServices, "name")]
    [InlineData("/warp/v1/deployments/bad", """{"services":[{"name":"a","image":"i"}""", "JSON")]
    [InlineData("/warp/v1/deployments/bad", """{"services":[{"name":"a","image":"i","port":0}]}""", "services[0].port")]
    [InlineData("/warp/v1/deployments/bad", """{"services":[{"name":"a","imag":"i"}]}""", "image")]
    [InlineData("/warp/v1/deployments/refused", TwoServices, "services[0].runner")]
    public async Task A_wrong_document_is_answered_with_the_field(string path, string document, string named)
    {
        using var client = node.Client();

        var answer = await client.PutAsync(path, ApiNode.Json(document));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await answer.Content.ReadAsStringAsync()).ShouldContain(named);
    }

    [Fact]
    public async Task A_body_of_ten_megabytes_is_refused_and_the_node_lives()
    {
        using var client = node.Client();

        var answer = await client.PutAsync("/warp/v1/deployments/large", ApiNode.Json(new string(' ', 10_000_000)));

        answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await client.GetAsync("/alive")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_cluster_that_does_not_answer_is_told_as_such()
    {
        using var client = node.Client();

        var answer = await client.PutAsync("/warp/v1/deployments/silent", ApiNode.Json(TwoServices));

        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("no control node answered");
    }

    [Fact]
    public async Task Nothing_at_a_path_and_a_method_that_is_not_possible_are_problems_too()
    {
        using var client = node.Client();

        (await client.GetAsync("/warp/v1/nothing")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        var wrong = await client.PostAsync("/warp/v1/deployments", ApiNode.Json("{}"));
        wrong.StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        wrong.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    [Fact]
    public async Task Logs_come_as_text_and_as_lines_of_JSON()
    {
        using var client = node.Client();
        await client.PutAsync("/warp/v1/deployments/talk", ApiNode.Json(TwoServices));

        (await client.GetStringAsync("/warp/v1/deployments/talk/services/app/logs?tail=2")).ShouldBe("container-of-app line 2 ü\ncontainer-of-app line 3 ü\n");

        using var request = new HttpRequestMessage(HttpMethod.Get, "/warp/v1/deployments/talk/services/app/logs");
        request.Headers.Accept.ParseAdd("application/x-ndjson");
        var lines = (await (await client.SendAsync(request)).Content.ReadAsStringAsync()).TrimEnd('\n').Split('\n');
        lines.Length.ShouldBe(3);
        JsonDocument.Parse(lines[1]).RootElement.GetProperty("stream").GetString().ShouldBe("stderr");
    }

    [Theory]
    [InlineData("/warp/v1/deployments/talk2/services/app/logs?tail=x", HttpStatusCode.BadRequest)]
    [InlineData("/warp/v1/deployments/talk2/services/nobody/logs", HttpStatusCode.NotFound)]
    [InlineData("/warp/v1/deployments/talk2/services/db/logs", HttpStatusCode.BadGateway)]
    public async Task Logs_that_cannot_be_had_are_answered_with_the_cause(string path, HttpStatusCode status)
    {
        using var client = node.Client();
        await client.PutAsync("/warp/v1/deployments/talk2", ApiNode.Json(TwoServices));

        (await client.GetAsync(path)).StatusCode.ShouldBe(status);
    }

    [Fact]
    public async Task Runners_and_tunnels_are_listed()
    {
        using var client = node.Client();

        (await client.GetStringAsync("/warp/v1/runners")).ShouldContain("\"engineVersion\":\"20.10.24\"");
        (await client.GetStringAsync("/warp/v1/tunnels")).ShouldContain("\"cipher\":\"TLS 1.3 AES_128_GCM_SHA256\"");
    }
}
