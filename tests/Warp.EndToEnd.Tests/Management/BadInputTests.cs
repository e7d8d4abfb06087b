using System.Net;
using System.Text.Json;
using Shouldly;
using Warp.EndToEnd.Tests.Fixture;
using Warp.Lab;
using Xunit;

namespace Warp.EndToEnd.Tests.Management;

/// <summary>What is wrong is refused with its name and a cause, nothing is half-done, and the node lives.</summary>
[Collection(LabGroup.Name)]
public sealed class BadInputTests(LabFixture lab)
{
    private const string Name = "bad-input";
    private const string Unpullable = "unpullable";

    [Theory]
    [InlineData("""{"services":[{"name":"a","image":"i","imagee":"j"}]}""", "imagee")]
    [InlineData("""{"services":[{"name":"a","image":"i"},{"name":"a","image":"i"}]}""", "'a'")]
    [InlineData("""{"services":[{"name":"my db","image":"i"},{"name":"my-db","image":"i"}]}""", "my-db")]
    [InlineData("""{"services":[{"name":"a","image":"i","runner":"nowhere"}]}""", "nowhere")]
    [InlineData("""{"services":[{"name":"a","image":"i","port":65536}]}""", "port")]
    [InlineData("""{"services":[{"name":"a","image":"i"}""", "JSON")]
    [InlineData("""{"services":[]}""", "services")]
    public async Task A_wrong_document_is_refused_with_its_cause(string document, string cause)
    {
        using var api = lab.Api();

        var answer = await api.PutAsync(Name, document);

        ((int)answer.Status).ShouldBeInRange(400, 499, answer.Body);
        answer.MediaType.ShouldBe("application/problem+json");
        JsonSerializer.Deserialize<JsonElement>(answer.Body).GetProperty("errors").EnumerateArray().ShouldContain(
            problem => $"{problem.GetProperty("field")} {problem.GetProperty("message")}".Contains(cause, StringComparison.Ordinal), answer.Body);
        (await api.FindAsync(Name)).ShouldBeNull();
    }

    [Fact]
    public async Task Ten_megabytes_are_refused()
    {
        using var api = lab.Api();

        var answer = await api.PutAsync(Name, $$"""{"services":[{"name":"a","image":"{{new string('x', 10_000_000)}}"}]}""");

        answer.Status.ShouldBeOneOf(HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.BadRequest, HttpStatusCode.UnprocessableEntity);
        (await api.IsReadyAsync()).ShouldBeTrue();
        (await api.FindAsync(Name)).ShouldBeNull();
    }

    [Fact]
    public async Task An_image_that_cannot_be_pulled_is_told_as_the_cause()
    {
        using var api = lab.Api();
        (await api.PutAsync(Unpullable, """{"services":[{"name":"a","image":"localhost:1/nothing:1"}]}""")).Status.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.Created, HttpStatusCode.Accepted);

        var cause = await Poll.UntilAsync("the cause is told", TimeSpan.FromSeconds(60), async () =>
            (await api.FindAsync(Unpullable))?.Services[0].Instances.Select(instance => instance.Cause).FirstOrDefault(text => text?.Contains("localhost:1/nothing:1", StringComparison.Ordinal) ?? false));

        cause.ShouldNotBeNullOrWhiteSpace();
        await api.DeleteAsync(Unpullable);
        await Poll.UntilAsync("it is gone", TimeSpan.FromSeconds(30), async () => await api.FindAsync(Unpullable) is null);
    }
}
