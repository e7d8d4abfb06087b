using System.Text.Json;
using Warp.Lab.Nodes;

namespace Warp.Lab.Deployments;

/// <summary>A deployment in the lab, from acceptance to removal.</summary>
public sealed class LabDeployment : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RolloutTime = TimeSpan.FromSeconds(120);

    // One engine may have to start and stop a hundred of them.
    private static readonly TimeSpan TimeForEachService = TimeSpan.FromSeconds(3);
    private readonly WarpLab _lab;
    private readonly LabRunner _entry;
    private TimeSpan _more;

    private LabDeployment(WarpLab lab, string name) => (_lab, _entry, Name) = (lab, lab.Runners[0], name);

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Deploys and waits until every service runs.</summary>
    /// <param name="lab">Where.</param>
    /// <param name="name">A name that nobody else uses.</param>
    /// <param name="services">What.</param>
    public static Task<LabDeployment> StartAsync(WarpLab lab, string name, params IReadOnlyList<LabService> services) =>
        StartAsync(lab, name, JsonSerializer.Serialize(new { services }, JsonSerializerOptions.Web));

    /// <summary>Deploys the API's document and waits until every service runs.</summary>
    public static async Task<LabDeployment> StartAsync(WarpLab lab, string name, string document)
    {
        var deployment = new LabDeployment(lab, name);
        await deployment.PutAsync(document);
        await deployment.WaitRunningAsync();
        return deployment;
    }

    /// <summary>Wishes it to be like that, and does not wait for it.</summary>
    public Task ApplyAsync(params IReadOnlyList<LabService> services) => PutAsync(JsonSerializer.Serialize(new { services }, JsonSerializerOptions.Web));

    /// <summary>Deploys another document and waits until nothing of the former is left.</summary>
    public async Task RollOutAsync(string document)
    {
        await PutAsync(document);
        await WaitRolloutAsync("Completed");
    }

    /// <summary>Waits until a rollout has come so far.</summary>
    /// <param name="rollout">Such as <c>Completed</c>, when every instance serves and no former one is left, or <c>RolledBack</c>.</param>
    public async Task<DeploymentState> WaitRolloutAsync(string rollout)
    {
        DeploymentState? last = null;
        try
        {
            await Poll.UntilAsync($"the rollout of {Name} is over", RolloutTime + _more, async () =>
                !string.Equals((last = await StateAsync()).Rollout, "Progressing", StringComparison.OrdinalIgnoreCase));
            return string.Equals(last!.Rollout, rollout, StringComparison.OrdinalIgnoreCase) ? last : throw new LabException($"the rollout of {Name} is not {rollout}");
        }
        catch (LabException e)
        {
            throw new LabException($"{e.Message}: {JsonSerializer.Serialize(last)}", e);
        }
    }

    /// <summary>The state now.</summary>
    public async Task<DeploymentState> StateAsync()
    {
        using var api = Api();
        return await api.FindAsync(Name) ?? throw new LabException($"there is no deployment {Name}");
    }

    /// <summary>Waits until every service runs.</summary>
    public async Task WaitRunningAsync()
    {
        DeploymentState? last = null;
        try
        {
            await Poll.UntilAsync($"the deployment {Name} runs", StartTime + _more, async () => (last = await StateAsync()).Services.All(IsRunning));
        }
        catch (LabException e)
        {
            throw new LabException($"{e.Message}: {JsonSerializer.Serialize(last)}", e);
        }
    }

    /// <summary>The container of a service as it is now: the one that serves, of the first replica.</summary>
    public async Task<LabContainer> ContainerAsync(string service)
    {
        var state = (await StateAsync()).Services.Single(s => string.Equals(s.Name, service, StringComparison.Ordinal));
        var instance = state.Instances.First(i => string.Equals(i.Role, "Serving", StringComparison.OrdinalIgnoreCase));
        return new LabContainer(_lab[instance.Runner], instance.ContainerId!, state.IstAddress, instance.ContainerAddress);
    }

    /// <summary>Removes it and waits until nothing is left of it.</summary>
    public async ValueTask DisposeAsync()
    {
        using var api = Api();
        await api.DeleteAsync(Name);
        await Poll.UntilAsync($"the deployment {Name} is gone", StartTime + _more, async () => await api.FindAsync(Name) is null);
    }

    private static bool IsRunning(ServiceState service) =>
        service.Instances.Count > 0 && service.Instances.All(instance => string.Equals(instance.Phase, "Running", StringComparison.OrdinalIgnoreCase));

    private async Task PutAsync(string document)
    {
        using var parsed = JsonDocument.Parse(document);
        _more = TimeForEachService * parsed.RootElement.GetProperty("services").GetArrayLength();
        using var api = Api();
        var answer = await api.PutAsync(Name, document);
        if ((int)answer.Status >= 300)
        {
            throw new LabException($"the deployment {Name} was not accepted: {answer.Status} {answer.Body}");
        }
    }

    private WarpApi Api() => new(_entry.Node.Socket);
}

/// <summary>One service to deploy; serialized as the API's document.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Image">An image that the lab has loaded.</param>
/// <param name="Runner">Where; null leaves it open.</param>
/// <param name="Args">Overrides the image's CMD; null keeps it.</param>
public sealed record LabService(string Name, string Image, string? Runner, IReadOnlyList<string>? Args = null)
{
    /// <summary>Where the public URL leads; null: as its image says.</summary>
    public int? Port { get; init; }

    /// <summary>Whether the public URL leads to it.</summary>
    public bool Public { get; init; } = true;

    /// <summary>The test peer as a server.</summary>
    /// <param name="name">The service's name.</param>
    /// <param name="runner">Where.</param>
    /// <param name="ports">A port, or <c>greet:PORT</c> for one where the server speaks first.</param>
    public static LabService Peer(string name, string runner, params IReadOnlyList<string> ports) => new(name, "warp-test-peer:latest", runner, ["serve", .. ports]);
}
