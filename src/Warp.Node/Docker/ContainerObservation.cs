using System.Collections.Immutable;
using System.Globalization;
using Docker.DotNet.Models;
using Warp.Cluster.Containers;
using Warp.Cluster.Identity;

namespace Warp.Node.Docker;

/// <summary>Reads the engine's description of a container.</summary>
internal static class ContainerObservation
{
    /// <summary>What is seen; null when the container is not the owner's.</summary>
    public static ObservedContainer? From(ContainerInspectResponse container, DockerOwner owner)
    {
        if (owner.InstanceOf(container.Config?.Labels) is not { } instance)
        {
            return null;
        }

        var labels = container.Config!.Labels;
        var state = container.State;
        var running = state is { Running: true, Dead: false };
        var startedAt = MomentOf(state?.StartedAt);
        return new ObservedContainer(
            instance,
            container.ID,
            labels.TryGetValue(WarpLabels.SpecHash, out var hash) ? hash : string.Empty,
            running,
            running ? AddressOf(container) : null,
            startedAt,
            running || startedAt is null ? null : (int)state!.ExitCode,
            state?.OOMKilled ?? false,
            labels.TryGetValue(WarpLabels.ImagePort, out var port) && int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null);
    }

    /// <summary>The container's endpoint on the network that it was made with, whatever a person connected it to later; null when there is none.</summary>
    public static EndpointSettings? HomeEndpoint(ContainerInspectResponse container)
    {
        var home = container.HostConfig?.NetworkMode;
        return container.NetworkSettings?.Networks?
            .Where(pair => string.Equals(pair.Key, home, StringComparison.Ordinal) || string.Equals(pair.Value.NetworkID, home, StringComparison.Ordinal))
            .Select(pair => pair.Value)
            .FirstOrDefault();
    }

    /// <summary>The TCP ports of EXPOSE, ascending; the engine's keys are <c>8080/tcp</c>.</summary>
    public static ImmutableArray<int> ExposedTcpPorts(IDictionary<string, EmptyStruct>? exposed) =>
        exposed is null
            ? []
            :
            [
                .. exposed.Keys
                    .Select(key => key.Split('/'))
                    .Where(parts => parts.Length == 1 || string.Equals(parts[1], "tcp", StringComparison.OrdinalIgnoreCase))
                    .Select(parts => int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : 0)
                    .Where(port => port is > 0 and <= 65535)
                    .Distinct()
                    .Order(),
            ];

    private static Ipv4Address? AddressOf(ContainerInspectResponse container) =>
        Ipv4Address.TryParse(HomeEndpoint(container)?.IPAddress, out var address) ? address : null;

    // The engine writes the year 1 for "never".
    private static DateTimeOffset? MomentOf(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment) && moment.Year > 1 ? moment : null;
}
