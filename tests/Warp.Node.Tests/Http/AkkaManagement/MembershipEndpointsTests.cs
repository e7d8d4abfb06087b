using System.Net;
using Akka.Cluster;
using Shouldly;
using Warp.Node.Configuration;
using Xunit;

namespace Warp.Node.Tests.Http.AkkaManagement;

/// <summary>Akka Management's routes that change the membership, against real nodes.</summary>
public sealed class MembershipEndpointsTests
{
    private static readonly AkkaManagementSettings Writable = new() { IsReadOnly = false };

    [Theory]
    [InlineData("POST", "/cluster/members", HttpStatusCode.MethodNotAllowed)]
    [InlineData("PUT", "/cluster/members/warp@127.0.0.1:4053", HttpStatusCode.MethodNotAllowed)]
    [InlineData("DELETE", "/cluster/members/warp@127.0.0.1:4053", HttpStatusCode.MethodNotAllowed)]
    [InlineData("PUT", "/cluster/", HttpStatusCode.NotFound)]
    public async Task Read_only_is_the_default_and_changes_nothing(string method, string path, HttpStatusCode status)
    {
        await using var bed = await ClusterBed.StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        (await bed.Client.SendAsync(request)).StatusCode.ShouldBe(status);
    }

    [Fact]
    public async Task A_node_joins_leaves_and_is_removed()
    {
        await using var bed = await ClusterBed.StartAsync(Writable);
        await bed.JoinAsync();
        await using var second = await ClusterBed.StartAsync(Writable);
        var first = bed.Cluster.SelfAddress.ToString();

        var joining = await second.Client.PostAsync("/cluster/members", Form("address", first));
        (await joining.Content.ReadAsStringAsync()).ShouldBe($$"""{"message":"Joining {{first}}"}""");
        joining.StatusCode.ShouldBe(HttpStatusCode.OK);
        var joined = second.Cluster.SelfAddress.ToString();
        await Eventually.Is(() => bed.Cluster.State.Members.Count(member => member.Status == MemberStatus.Up) == 2, "two members are up");

        var leaving = await bed.Client.DeleteAsync($"/cluster/members/{joined}");
        (await leaving.Content.ReadAsStringAsync()).ShouldBe($$"""{"message":"Leaving {{joined}}"}""");
        await Eventually.Is(() => bed.Cluster.State.Members.Count == 1, "the other has left");
    }

    [Theory]
    [InlineData("Down", "Downing")]
    [InlineData("dOWN", "Downing")]
    [InlineData("Leave", "Leaving")]
    [InlineData("leave", "Leaving")]
    public async Task Operations_on_a_member_are_understood_in_any_letter_case(string operation, string answer)
    {
        await using var bed = await ClusterBed.StartAsync(Writable);
        var self = (await bed.JoinAsync()).Address.ToString();

        var response = await bed.Client.PutAsync($"/cluster/members/{self}", Form("operation", operation));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.Content.ReadAsStringAsync()).ShouldBe($$"""{"message":"{{answer}} {{self}}"}""");
        await Eventually.Is(() => bed.Cluster.IsTerminated, "the member is out");
    }

    [Fact]
    public async Task What_cannot_be_done_is_refused_in_the_form_of_Akka_Management()
    {
        await using var bed = await ClusterBed.StartAsync(Writable);
        var self = (await bed.JoinAsync()).Address.ToString();
        const string stranger = "warp@192.0.2.1:4053";

        (await AnswerAsync(bed.Client.PutAsync($"/cluster/members/{self}", Form("operation", "Dance")))).ShouldBe((HttpStatusCode.BadRequest, """{"message":"Operation not supported"}"""));
        (await AnswerAsync(bed.Client.PutAsync($"/cluster/members/{self}", Form("other", "Down")))).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await AnswerAsync(bed.Client.PutAsync($"/cluster/members/{stranger}", Form("operation", "Down")))).ShouldBe((HttpStatusCode.NotFound, $$"""{"message":"Member [{{stranger}}] not found"}"""));
        (await AnswerAsync(bed.Client.DeleteAsync($"/cluster/members/{stranger}"))).ShouldBe((HttpStatusCode.NotFound, $$"""{"message":"Member [{{stranger}}] not found"}"""));
        (await AnswerAsync(bed.Client.PostAsync("/cluster/members", Form("other", self)))).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await AnswerAsync(bed.Client.PostAsync("/cluster/members", Form("address", "nowhere")))).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await AnswerAsync(bed.Client.PostAsync("/cluster/members", content: null))).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await AnswerAsync(bed.Client.PutAsync("/cluster/", Form("operation", "Prepare-for-full-shutdown")))).ShouldBe((HttpStatusCode.BadRequest, """{"message":"Operation not supported"}"""));
        bed.Cluster.SelfMember.Status.ShouldBe(MemberStatus.Up);
    }

    [Fact]
    public async Task A_runner_may_read_the_membership_and_not_change_it()
    {
        await using var bed = await ClusterBed.StartAsync(Writable);
        var self = (await bed.JoinAsync()).Address.ToString();
        using var runner = bed.Bed.Client(bed.Bed.Runner("beta"));

        (await runner.GetAsync($"/cluster/members/{self}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await runner.DeleteAsync($"/cluster/members/{self}")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        bed.Cluster.SelfMember.Status.ShouldBe(MemberStatus.Up);
    }

    private static async Task<(HttpStatusCode Status, string Body)> AnswerAsync(Task<HttpResponseMessage> sent)
    {
        var answer = await sent;
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static FormUrlEncodedContent Form(string name, string value) => new([KeyValuePair.Create(name, value)]);
}
