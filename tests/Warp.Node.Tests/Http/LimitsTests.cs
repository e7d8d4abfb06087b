using System.Net;
using Shouldly;
using Warp.Node.Configuration;
using Xunit;

namespace Warp.Node.Tests.Http;

/// <summary>What a client may not do, and that the server lives on.</summary>
public sealed class LimitsTests : IAsyncLifetime
{
    private ManagementBed _bed = null!;

    public async Task InitializeAsync() => _bed = await ManagementBed.StartAsync();

    public async Task DisposeAsync() => await _bed.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ten_megabytes_are_refused(bool local)
    {
        using var client = local ? _bed.Local() : _bed.Client(_bed.Admin());

        var problem = await (await client.PutAsync("/warp/v1/deployments/shop", Answers.Json(new string(' ', 10_000_000)))).ProblemAsync(HttpStatusCode.RequestEntityTooLarge, "too-large");

        problem.Detail().ShouldContain("4 MiB");
        (await client.GetStringAsync("/alive")).ShouldBe("OK");
    }

    [Fact]
    public async Task An_unknown_path_is_a_problem_document()
    {
        using var client = _bed.Local();

        await (await client.GetAsync("/warp/v2/deployments")).ProblemAsync(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task A_wrong_method_names_those_allowed()
    {
        using var client = _bed.Local();

        var answer = await client.PostAsync("/warp/v1/deployments", Answers.Json("{}"));

        answer.Content.Headers.Allow.ShouldBe(["GET"]);
        await answer.ProblemAsync(HttpStatusCode.MethodNotAllowed, "http-405");
    }

    [Fact]
    public async Task A_defect_behind_the_edge_leaves_no_stack_trace()
    {
        using var client = _bed.Local();
        _bed.Answer = _ => "nonsense";

        var problem = await (await client.GetAsync("/warp/v1/deployments/shop")).ProblemAsync(HttpStatusCode.InternalServerError, "http-500");

        problem.GetRawText().ShouldNotContain("   at ");
        (await client.GetStringAsync("/alive")).ShouldBe("OK");
    }

    [Fact]
    public async Task A_socket_file_of_a_dead_process_is_taken_over_and_removed_at_the_end()
    {
        await _bed.StopServerAsync();
        File.Exists(_bed.SocketPath).ShouldBeFalse();
        File.Create(_bed.SocketPath).Dispose();

        await _bed.StartServerAsync();

        using var client = _bed.Local();
        (await client.GetStringAsync("/alive")).ShouldBe("OK");
    }

    [Fact]
    public async Task A_socket_on_which_another_node_listens_is_left_alone()
    {
        var refused = await Should.ThrowAsync<OperatorException>(_bed.StartServerAsync);

        refused.Message.ShouldContain("Another node already runs");
        using var client = _bed.Local();
        (await client.GetStringAsync("/alive")).ShouldBe("OK");
    }
}
