using System.Net;
using Shouldly;
using Warp.Cluster.Protocol;
using Xunit;

namespace Warp.Node.Tests.Http;

/// <summary>Two writers cannot overwrite each other, and a wish that is sent twice is one wish.</summary>
public sealed class ConditionalRequestTests : IAsyncLifetime
{
    private const string Shop = "/warp/v1/deployments/shop";
    private ManagementBed _bed = null!;
    private HttpClient _client = null!;

    public static TheoryData<string, string, string?> Changes => new()
    {
        { "PUT", Shop, """{ "services": [ { "name": "app", "image": "i" } ] }""" },
        { "POST", $"{Shop}/services/app/move", """{ "runner": "r2" }""" },
        { "POST", $"{Shop}/services/app/scale", """{ "replicas": 2 }""" },
        { "POST", $"{Shop}/services/app/restart", null },
        { "POST", $"{Shop}/restart", null },
        { "POST", $"{Shop}/rollback", null },
    };

    public async Task InitializeAsync()
    {
        _bed = await ManagementBed.StartAsync();
        _client = _bed.Local();
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _bed.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_change_carries_its_condition_and_its_id_and_answers_with_the_new_tag(string method, string path, string? body)
    {
        object? asked = null;
        _bed.Answer = message => (asked = message) is null ? null : new DeploymentAccepted(Views.Shop, 4, Changed: true, Views.Deployment(revision: 4));

        using var answer = await SendAsync(method, path, body, ("If-Match", "\"3\""), ("Warp-Request-Id", "wish-1"));

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Headers.ETag!.Tag.ShouldBe("\"4\"");
        (asked switch
        {
            ApplyDeployment apply => (apply.ExpectedRevision, apply.RequestId),
            ChangeDeployment change => (change.ExpectedRevision, change.RequestId),
            _ => default,
        }).ShouldBe((3, "wish-1"));
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task A_change_of_another_revision_names_both_and_the_next_step(string method, string path, string? body)
    {
        _bed.Answer = _ => new DeploymentConflict(Views.Shop, 5);

        using var answer = await SendAsync(method, path, body, ("If-Match", "\"3\""));

        var problem = await answer.ProblemAsync(HttpStatusCode.PreconditionFailed, "other-revision");
        problem.Detail().ShouldContain("revision 3 of 'shop', which is at revision 5");
        problem.Detail().ShouldContain("If-Match: \"5\"");
    }

    [Fact]
    public async Task A_removal_may_have_a_condition()
    {
        RemoveDeployment? asked = null;
        _bed.Answer = message => (asked = message as RemoveDeployment) is null ? null : new DeploymentConflict(Views.Shop, 5);

        using var answer = await SendAsync("DELETE", Shop, null, ("If-Match", "\"3\""));

        await answer.ProblemAsync(HttpStatusCode.PreconditionFailed, "other-revision");
        asked!.ExpectedRevision.ShouldBe(3);
    }

    [Fact]
    public async Task What_must_not_exist_yet_expects_revision_0()
    {
        ApplyDeployment? asked = null;
        _bed.Answer = message => (asked = message as ApplyDeployment) is null ? null : new DeploymentConflict(Views.Shop, 2);

        using var answer = await SendAsync("PUT", Shop, """{ "services": [ { "name": "app", "image": "i" } ] }""", ("If-None-Match", "*"));

        (await answer.ProblemAsync(HttpStatusCode.PreconditionFailed, "other-revision")).Detail().ShouldContain("there is one at revision 2");
        asked!.ExpectedRevision.ShouldBe(0);
    }

    [Fact]
    public async Task A_deployment_is_read_with_its_tag()
    {
        _bed.Answer = _ => Views.Deployment(revision: 7);

        using var answer = await _client.GetAsync(Shop);

        answer.Headers.ETag!.ToString().ShouldBe("\"7\"");
    }

    [Theory]
    [InlineData("PUT", "If-Match", "3")]
    [InlineData("PUT", "If-Match", "*")]
    [InlineData("PUT", "If-Match", "W/\"3\"")]
    [InlineData("PUT", "If-Match", "\"0\"")]
    [InlineData("PUT", "If-Match", "\"1\", \"2\"")]
    [InlineData("PUT", "If-None-Match", "\"3\"")]
    [InlineData("DELETE", "If-None-Match", "*")]
    [InlineData("PUT", "Warp-Request-Id", "two words")]
    [InlineData("PUT", "Warp-Request-Id", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public async Task A_header_that_cannot_be_read_is_named_and_nobody_is_asked(string method, string header, string value)
    {
        var asked = false;
        _bed.Answer = _ => asked = true;

        using var answer = await SendAsync(method, Shop, """{ "services": [ { "name": "app", "image": "i" } ] }""", (header, value));

        (await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-request")).Fields().ShouldBe([header]);
        asked.ShouldBeFalse();
    }

    private async Task<HttpResponseMessage> SendAsync(string method, string path, string? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : Answers.Json(body) };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        }

        return await _client.SendAsync(request);
    }
}
