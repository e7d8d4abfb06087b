using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Routing;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Node.Configuration;
using Warp.Node.Http.Access;
using Warp.Node.Http.Documents;
using Warp.Node.Tests.Cli;
using Warp.Node.Tests.Http.AkkaManagement;
using Xunit;

namespace Warp.Node.Tests.Http.Auditing;

/// <summary>Who changed what is kept by a running server, and can be asked for.</summary>
public sealed class AuditTests : IAsyncLifetime
{
    private const string Shop = "/warp/v1/deployments/shop";
    private ManagementBed _bed = null!;
    private HttpClient _admin = null!;

    public async Task InitializeAsync()
    {
        _bed = await ManagementBed.StartAsync(system: ClusterBed.NewSystem(), akka: new AkkaManagementSettings { IsReadOnly = false });
        _admin = _bed.Client(_bed.Admin());
        _bed.Answer = message => message is RemoveDeployment ? new DeploymentRemoving(Views.Shop) : "nothing that is expected";
    }

    public async Task DisposeAsync()
    {
        _admin.Dispose();
        await _bed.DisposeAsync();
    }

    [Fact]
    public async Task A_change_is_kept_with_who_asked_for_it_from_where_and_what_became_of_it()
    {
        using var local = _bed.Local();
        await _admin.DeleteAsync(Shop);
        await local.PutAsync(Shop, Answers.Json("{}"));
        await _admin.GetAsync(Shop);

        var entries = await EntriesAsync();

        entries.Select(entry => (entry.Who, entry.From, entry.What, entry.Path, entry.Deployment, entry.Status, entry.Error)).ShouldBe(
        [
            ("warp://lab/admin/ops", "127.0.0.1", "removeDeployment", Shop, "shop", 202, null),
            ($"uid {LibcUser()} on this host", "local", "putDeployment", Shop, "shop", 400, "invalid-deployment"),
        ]);
        entries.ShouldAllBe(entry => entry.At > DateTimeOffset.UtcNow.AddMinutes(-10) && entry.At <= DateTimeOffset.UtcNow);
    }

    [Fact]
    public async Task Every_endpoint_that_changes_something_leaves_an_entry()
    {
        var changing = _bed.Routes.OfType<RouteEndpoint>().Where(endpoint => endpoint.Metadata.GetRequiredMetadata<RequiredAccess>().Changes).ToArray();
        foreach (var endpoint in changing)
        {
            var path = "/" + string.Join('/', endpoint.RoutePattern.PathSegments.Select(segment => segment.Parts[0] is Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal ? literal.Content : "alpha"));
            using var answer = await _admin.SendAsync(new HttpRequestMessage(new HttpMethod(endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods[0]), path));
        }

        (await EntriesAsync()).Select(entry => entry.What).ShouldBe(changing.Select(endpoint => endpoint.Metadata.GetRequiredMetadata<IEndpointNameMetadata>().EndpointName));
        changing.Length.ShouldBeGreaterThan(20);
    }

    [Fact]
    public async Task Who_is_refused_is_kept_once_also_for_reading()
    {
        using var stranger = _bed.Client(certificate: null);
        using var reader = _bed.Client(_bed.Admin(AdminRole.Read));
        for (var time = 0; time < 3; time++)
        {
            await stranger.GetAsync(Shop);
            await reader.DeleteAsync(Shop);
        }

        (await EntriesAsync()).Select(entry => (entry.Who, entry.What, entry.Status, entry.Error)).ShouldBe(
        [
            (null, "getDeployment", 403, "certificate-missing"),
            ("warp://lab/admin/ops/read", "removeDeployment", 403, "role-missing"),
        ]);
    }

    [Fact]
    public async Task What_a_runner_passes_on_names_that_runner()
    {
        using var runner = _bed.Client(_bed.Runner("beta"));
        using var request = new HttpRequestMessage(HttpMethod.Delete, "/warp/v1/runners/alpha/volumes/data");
        request.Headers.Add("Warp-Passed-On-By", "beta");

        using var answer = await runner.SendAsync(request);

        (await EntriesAsync()).ShouldHaveSingleItem().PassedOnBy.ShouldBe("beta");
    }

    [Fact]
    public async Task No_secret_gets_in()
    {
        await _admin.PutAsync("/warp/v1/registries/registry.example?token=hunter2", Answers.Json("""{ "username": "ci", "password": "hunter2" }"""));
        await _admin.PutAsync(Shop, Answers.Json("""{ "services": [ { "name": "app", "image": "i", "variables": { "KEY": "hunter2" }, "hunter2": 1 } ] }"""));
        await _admin.GetAsync($"{Shop}/services/app/exec?command=login&command=hunter2");

        var kept = await File.ReadAllTextAsync(new DataFolder(_bed.Folder["data"]).AuditFile);
        kept.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(3);
        kept.ShouldNotContain("hunter2");
    }

    [Fact]
    public async Task A_change_goes_on_when_the_disk_is_full()
    {
        File.CreateSymbolicLink(new DataFolder(_bed.Folder["data"]).AuditFile, "/dev/full");

        (await _admin.DeleteAsync(Shop)).StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    [Fact]
    public async Task The_command_line_lists_it()
    {
        await _admin.DeleteAsync(Shop);
        await _admin.PostAsync($"{Shop}/restart", null);

        var all = await WarpResult.RunAsync("audit", "--since", "1h", "--data", _bed.Folder.Path);
        all.Code.ShouldBe(ExitCode.Ok, all.Error);
        all.Out.ShouldContain("warp://lab/admin/ops");
        all.Out.ShouldContain("removeDeployment");
        all.Out.ShouldContain("500 http-500");
        (await WarpResult.RunAsync("audit", "--tail", "1", "--data", _bed.Folder.Path)).Out.ShouldNotContain("removeDeployment");
    }

    private async Task<IReadOnlyList<AuditEntryDocument>> EntriesAsync() =>
        (await _admin.GetFromJsonAsync("/warp/v1/audit", ManagementJson.Default.AuditDocument))!.Entries;

    private static string LibcUser() => File.ReadLines("/proc/self/status").Single(line => line.StartsWith("Uid:", StringComparison.Ordinal)).Split('\t')[1];
}
