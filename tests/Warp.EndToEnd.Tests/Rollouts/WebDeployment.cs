using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Warp.EndToEnd.Tests.Fixture;
using Warp.Lab;
using Warp.Lab.Deployments;
using Warp.Lab.Machines;
using Warp.Lab.Nodes;
using Warp.TestPeer;

namespace Warp.EndToEnd.Tests.Rollouts;

/// <summary>
/// <c>web</c>, a small HTTP service in Node.js that answers with its version, and <c>caller</c>, which asks it without end through <c>WARP_IST_web</c>, on a connection of its own each time.
/// </summary>
public sealed class WebDeployment : IAsyncDisposable
{
    /// <summary>Requests in a second, of each load.</summary>
    public const int PerSecond = 50;

    private const string Server = """
        const http = require("http");
        const server = http.createServer((request, response) => response.end(process.env.VERSION + "\n"));
        server.listen(8080);
        process.on("SIGTERM", () => { server.close(() => process.exit(0)); server.closeIdleConnections(); });
        """;

    private readonly LabFixture _fixture;
    private readonly LabDeployment _deployment;
    private readonly JsonObject _web;
    private readonly JsonObject _caller;

    private WebDeployment(LabFixture fixture, LabDeployment deployment, JsonObject web, JsonObject caller) =>
        (_fixture, _deployment, _web, _caller) = (fixture, deployment, web, caller);

    /// <summary>The deployment's name.</summary>
    public string Name => _deployment.Name;

    /// <summary>Deploys version "v1" with the caller on r1.</summary>
    /// <param name="fixture">The lab.</param>
    /// <param name="name">A name that nobody else uses.</param>
    /// <param name="webRunner">Where web is to be; null leaves it open.</param>
    /// <param name="more">Further fields of web.</param>
    public static async Task<WebDeployment> StartAsync(LabFixture fixture, string name, string? webRunner, params IReadOnlyList<(string Field, JsonNode Value)> more)
    {
        ArgumentNullException.ThrowIfNull(fixture);
        var web = new JsonObject
        {
            ["name"] = "web",
            ["image"] = "shop-app:latest",
            ["args"] = new JsonArray("node", "-e", Server),
            ["port"] = 8080,
            ["runner"] = webRunner,
            ["drainSeconds"] = 10,
            ["health"] = new JsonObject { ["http"] = "/" },
        };
        foreach (var (field, value) in more)
        {
            web[field] = value;
        }

        var caller = new JsonObject
        {
            ["name"] = "caller",
            ["image"] = "warp-test-peer:latest",
            ["runner"] = "r1",
            ["public"] = false,
            ["args"] = new JsonArray("load", "$WARP_IST_web", "8080", PerSecond.ToString(CultureInfo.InvariantCulture)),
        };
        var deployment = await LabDeployment.StartAsync(fixture.Lab, name, Document(web, "v1", caller));
        return new WebDeployment(fixture, deployment, web, caller);
    }

    /// <summary>Deploys another version of web and waits until it alone is left.</summary>
    public Task DeployAsync(string version) => _deployment.RollOutAsync(Document(_web, version, _caller));

    /// <summary>Writes the document of a version whose web differs in further fields.</summary>
    /// <returns>The file.</returns>
    public async Task<string> WriteAsync(string version, params IReadOnlyList<(string Field, JsonNode Value)> more)
    {
        var web = _web.DeepClone().AsObject();
        foreach (var (field, value) in more)
        {
            web[field] = value;
        }

        var file = Path.Combine(_fixture.Lab.Folder, $"{Name}-{version}.json");
        await File.WriteAllTextAsync(file, Document(web, version, _caller));
        return file;
    }

    /// <summary>Restarts web by the command line, which waits until nothing is left of the former instance.</summary>
    public async Task RestartAsync() => (await _fixture.R1.WarpAsync("restart", $"{Name}/web")).Ensure();

    /// <summary>Moves web by the command line, which waits until nothing is left at the former place.</summary>
    public async Task MoveAsync(string runner) => (await _fixture.R1.WarpAsync("move", $"{Name}/web", runner)).Ensure();

    /// <summary>What the caller has seen so far.</summary>
    public async Task<LoadCounts> CallerCountsAsync()
    {
        var caller = await _deployment.ContainerAsync("caller");
        return LoadCounts.Parse((await caller.Runner.DockerAsync("logs", "--tail", "2", caller.Id)).Output);
    }

    /// <summary>Waits until the caller was answered so many times more.</summary>
    public async Task<LoadCounts> AwaitAnswersAsync(int more)
    {
        var enough = (await CallerCountsAsync()).Asked + more;
        return await Poll.UntilAsync($"{more} more requests", TimeSpan.FromSeconds(60), async () => await CallerCountsAsync() is var now && now.Asked >= enough ? now : null);
    }

    /// <summary>The container of a service now.</summary>
    public Task<LabContainer> ContainerAsync(string service) => _deployment.ContainerAsync(service);

    /// <summary>Waits until a rollout has come so far, such as <c>RolledBack</c>.</summary>
    public Task<DeploymentState> WaitRolloutAsync(string rollout) => _deployment.WaitRolloutAsync(rollout);

    /// <summary>The deployment's state now.</summary>
    public Task<DeploymentState> StateAsync() => _deployment.StateAsync();

    /// <summary>Asks the public URL without end from the machine that belongs to nobody, through the ingress of one runner.</summary>
    public Task<MachineProcess> StartPublicLoadAsync(LabRunner ingress, string version)
    {
        ArgumentNullException.ThrowIfNull(ingress);
        return _fixture.Lab.Outsider.StartAsync(
            Path.Combine(_fixture.Lab.Folder, $"load-{Name}-{ingress.Name}-{version}.log"),
            "dotnet",
            Path.Combine(AppContext.BaseDirectory, "warp-test-peer.dll"),
            "load-url",
            $"https://web-{Name}.{LabFixture.BaseDomain}/",
            ingress.Address,
            _fixture.AuthorityFile,
            version,
            PerSecond.ToString(CultureInfo.InvariantCulture));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _deployment.DisposeAsync();

    private static string Document(JsonObject web, string version, JsonObject caller)
    {
        var changed = web.DeepClone().AsObject();
        changed["variables"] = new JsonObject { ["VERSION"] = version };
        return JsonSerializer.Serialize(new JsonObject { ["services"] = new JsonArray(changed, caller.DeepClone()) });
    }
}
