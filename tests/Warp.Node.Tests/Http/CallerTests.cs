using System.Net;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Cluster.Membership;
using Warp.Cluster.Protocol;
using Xunit;

namespace Warp.Node.Tests.Http;

/// <summary>Who may call what.</summary>
public sealed class CallerTests : IAsyncLifetime
{
    private const string List = "/warp/v1/deployments";
    private ManagementBed _bed = null!;

    public async Task InitializeAsync()
    {
        _bed = await ManagementBed.StartAsync();
        _bed.Answer = message => message is ListDeployments ? new DeploymentList([]) : message is RemoveDeployment ? new DeploymentRemoving(Views.Shop) : null;
    }

    public async Task DisposeAsync() => await _bed.DisposeAsync();

    [Theory]
    [InlineData(List)]
    [InlineData("/cluster/members")]
    [InlineData("/there/is/nothing")]
    [InlineData("/alive/or/not")]
    public async Task Without_a_certificate_nothing_is_told(string path)
    {
        using var stranger = _bed.Client(certificate: null);

        var problem = await (await stranger.GetAsync(path)).ProblemAsync(HttpStatusCode.Forbidden, "certificate-missing");

        problem.Detail().ShouldContain("client certificate");
    }

    [Fact]
    public async Task A_certificate_of_another_CA_is_refused_with_the_reason()
    {
        using var foreign = _bed.Client(ManagementBed.ForeignAdmin());

        var problem = await (await foreign.GetAsync(List)).ProblemAsync(HttpStatusCode.Forbidden, "certificate-refused");

        problem.Detail().ShouldContain("not valid in this cluster");
    }

    [Fact]
    public async Task A_runner_that_is_removed_loses_what_it_follows_and_is_refused_with_the_reason()
    {
        _bed.Answer = message => message is GetDeployment ? Views.Deployment() : null;
        using var runner = _bed.Client(_bed.Runner("beta"));
        using var following = await runner.GetAsync($"{List}/shop/services/app/logs?follow", HttpCompletionOption.ResponseHeadersRead);
        following.StatusCode.ShouldBe(HttpStatusCode.OK);

        _bed.Current = _bed.Current with { Removed = RemovedRunners.None.With(new RunnerRemoval(RunnerId.Parse("beta"), long.MaxValue, Views.Noon)) };

        await Should.ThrowAsync<Exception>(() => following.Content.ReadAsStringAsync().WaitAsync(TimeSpan.FromSeconds(20)));
        (await (await runner.GetAsync(List)).ProblemAsync(HttpStatusCode.Forbidden, "certificate-refused")).Detail().ShouldContain("beta was removed from the cluster on 2030-01-31");
    }

    [Fact]
    public async Task A_certificate_of_a_tunnel_opens_no_door_here()
    {
        using var tunnel = _bed.Client(_bed.Tunnel("beta"));

        (await (await tunnel.GetAsync(List)).ProblemAsync(HttpStatusCode.Forbidden, "certificate-refused")).Detail().ShouldContain("opens tunnels and nothing else");
    }

    [Fact]
    public async Task The_probes_need_no_certificate()
    {
        using var stranger = _bed.Client(certificate: null);

        (await stranger.GetStringAsync("/alive")).ShouldBe("OK");
    }

    [Fact]
    public async Task Another_runner_may_read_and_not_change()
    {
        using var runner = _bed.Client(_bed.Runner("beta"));

        (await runner.GetAsync(List)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await (await runner.DeleteAsync($"{List}/shop")).ProblemAsync(HttpStatusCode.Forbidden, "role-missing");
    }

    [Fact]
    public async Task An_administrator_may_change()
    {
        using var admin = _bed.Client(_bed.Admin());

        (await admin.DeleteAsync($"{List}/shop")).StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task The_socket_is_the_local_administrator_and_closed_to_other_users()
    {
        using var local = _bed.Local();

        (await local.DeleteAsync($"{List}/shop")).StatusCode.ShouldBe(HttpStatusCode.Accepted);
        File.GetUnixFileMode(_bed.SocketPath).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task HTTP_2_is_spoken()
    {
        using var admin = _bed.Client(_bed.Admin(), HttpVersion.Version20);

        var answer = await admin.GetAsync(List);

        answer.Version.ShouldBe(HttpVersion.Version20);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }
}
