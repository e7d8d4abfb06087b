using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;
using Warp.Cluster.Containers;
using Warp.Cluster.Identity;

namespace Warp.Node.Docker;

/// <summary>The life of our containers. Each verb looks first whether the container is ours: for a foreign one it answers as if it did not exist.</summary>
internal sealed class DockerContainers(DockerEngine engine)
{
    private const int ParallelInspections = 8;
    private static readonly TimeSpan s_removalPoll = TimeSpan.FromMilliseconds(100);

    public async Task<RuntimeResult<ImmutableArray<ObservedContainer>>> ListAsync(CancellationToken cancellationToken) =>
        (await FindAsync([], cancellationToken)).ToImmutableArray();

    public async Task<RuntimeResult<ObservedContainer>> InspectAsync(string id, CancellationToken cancellationToken) =>
        await LookAsync(id, cancellationToken) is { } container ? container.Observed : NotFound(id);

    /// <summary>Our containers with these labels, newest placement first.</summary>
    public async Task<IReadOnlyList<ObservedContainer>> FindAsync(IEnumerable<(string Label, string Value)> labels, CancellationToken cancellationToken)
    {
        var listed = await engine.Client.Containers.ListContainersAsync(new() { All = true, Filters = engine.Owner.Filter(labels) }, cancellationToken);
        var found = new ConcurrentBag<ObservedContainer>();
        var limits = new ParallelOptions { MaxDegreeOfParallelism = ParallelInspections, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(listed, limits, async (entry, token) =>
        {
            if (await LookAsync(entry.ID, token) is { } container)
            {
                found.Add(container.Observed);
            }
        });
        return [.. found.OrderByDescending(c => c.Instance.Generation).ThenBy(c => c.Instance.Ordinal)];
    }

    public async Task<RuntimeResult<string>> CreateAsync(ContainerPlan plan, CancellationToken cancellationToken)
    {
        var present = await FindAsync(LabelsThatIdentify(plan.Instance), cancellationToken);
        foreach (var container in present)
        {
            if (!string.Equals(container.SpecHash, plan.SpecHash, StringComparison.Ordinal))
            {
                return new RuntimeFailure(
                    RuntimeFailureKind.Rejected, $"a container of {plan.Instance} exists with another spec ({Short(container.ContainerId)}); remove it first");
            }

            if (container.Running || await IsStartableAsync(container.ContainerId, plan.NetworkId, cancellationToken))
            {
                return container.ContainerId;
            }

            await RemoveAsync(container.ContainerId, cancellationToken);
        }

        // The engine would make an empty one without a word.
        if (!plan.Volumes.IsEmpty && await new DockerVolumes(engine).FirstMissingAsync(plan.Volumes.Select(volume => volume.Id), cancellationToken) is { } missing)
        {
            return new RuntimeFailure(
                RuntimeFailureKind.Rejected, $"the volume '{missing}' is not on {engine.Owner.Runner}; make it with 'warp volume create {missing} --runner {engine.Owner.Runner}'");
        }

        var image = await engine.Client.Images.InspectImageAsync(plan.Image, cancellationToken);
        var ports = ContainerObservation.ExposedTcpPorts(image.Config?.ExposedPorts);
        var labels = engine.Owner.LabelsOf(plan.Instance, plan.SpecHash, ports is [var port] ? port : null);
        var name = DockerNames.Container(plan.Instance);
        try
        {
            return await CreateAsync(name);
        }
        catch (DockerApiException conflict) when (DockerFailure.IsNameConflict(conflict))
        {
            var other = DockerNames.Distinguish(name, engine.Owner, plan.Instance.ToString());
            return await CreateAsync(other);
        }

        async Task<string> CreateAsync(string freeName)
        {
            var request = ContainerRequest.From(plan, freeName, labels, engine.Owner, engine.Options.FurtherNameServers());
            return (await engine.Client.Containers.CreateContainerAsync(request, cancellationToken)).ID;
        }
    }

    public async Task<RuntimeResult<ObservedContainer>> StartAsync(string id, CancellationToken cancellationToken)
    {
        if (await LookAsync(id, cancellationToken) is null)
        {
            return NotFound(id);
        }

        _ = await engine.Client.Containers.StartContainerAsync(id, new(), cancellationToken);
        return await InspectAsync(id, cancellationToken);
    }

    public async Task<RuntimeResult<Done>> StopAsync(string id, TimeSpan grace, CancellationToken cancellationToken)
    {
        if (await LookAsync(id, cancellationToken) is not { Observed.Running: true })
        {
            return default(Done);
        }

        try
        {
            if (grace > TimeSpan.Zero)
            {
                _ = await engine.Client.Containers.StopContainerAsync(id, new() { WaitBeforeKillSeconds = (uint)Math.Ceiling(grace.TotalSeconds) }, cancellationToken);
            }
            else
            {
                // The library leaves a zero out of its request, and the engine then waits 10 s.
                await engine.Client.Containers.KillContainerAsync(id, new(), cancellationToken);
            }
        }
        catch (DockerApiException ended) when (ended.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            // Between the look and the order it ended by itself or was removed.
            return default(Done);
        }

        return default(Done);
    }

    public async Task<RuntimeResult<Done>> RemoveAsync(string id, CancellationToken cancellationToken)
    {
        while (await LookAsync(id, cancellationToken) is not null)
        {
            try
            {
                await engine.Client.Containers.RemoveContainerAsync(id, new() { Force = true, RemoveVolumes = true }, cancellationToken);
                break;
            }
            catch (DockerApiException gone) when (gone.StatusCode == HttpStatusCode.NotFound)
            {
                break;
            }
            catch (DockerApiException busy) when (busy.StatusCode == HttpStatusCode.Conflict && DockerFailure.MessageOf(busy).Contains("in progress", StringComparison.Ordinal))
            {
                await Task.Delay(s_removalPoll, cancellationToken);
            }
        }

        return default(Done);
    }

    // One that the engine is removing, or whose network was made anew since, would be refused for ever.
    private async Task<bool> IsStartableAsync(string id, string networkId, CancellationToken cancellationToken) =>
        await LookAsync(id, cancellationToken) is { Raw: { State.Status: not ("removing" or "dead") } raw }
        && (string.Equals(raw.HostConfig.NetworkMode, networkId, StringComparison.Ordinal)
            || string.Equals(ContainerObservation.HomeEndpoint(raw)?.NetworkID, networkId, StringComparison.Ordinal));

    private async Task<(ContainerInspectResponse Raw, ObservedContainer Observed)?> LookAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            var raw = await engine.Client.Containers.InspectContainerAsync(id, cancellationToken);
            return ContainerObservation.From(raw, engine.Owner) is { } observed ? (raw, observed) : null;
        }
        catch (DockerApiException gone) when (gone.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    private static IEnumerable<(string Label, string Value)> LabelsThatIdentify(InstanceId instance) =>
    [
        (WarpLabels.Deployment, instance.Deployment.Value),
        (WarpLabels.Service, instance.Service.Value),
        (WarpLabels.Ordinal, instance.Ordinal.ToString(CultureInfo.InvariantCulture)),
        (WarpLabels.Generation, instance.Generation.ToString(CultureInfo.InvariantCulture)),
    ];

    private static RuntimeFailure NotFound(string id) => new(RuntimeFailureKind.NotFound, $"this runner has no container {Short(id)}");

    private static string Short(string id) => id.Length > 12 ? id[..12] : id;
}
