using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;
using Warp.Cluster.Containers;
using Warp.Cluster.Identity;

namespace Warp.Node.Docker;

/// <summary>The deployments' bridge networks: one for each, on a range that nobody else uses.</summary>
/// <param name="engine">The engine.</param>
/// <param name="hostRanges">What the host uses already; asked before each new network.</param>
internal sealed class DockerNetworks(DockerEngine engine, Func<ImmutableArray<Ipv4Range>> hostRanges) : IDisposable
{
    private const string BridgeNameOption = "com.docker.network.bridge.name";
    private const int MaxAttempts = 16;

    // Several services of one deployment start at the same time, and the engine allows two networks of one name.
    private readonly SemaphoreSlim _oneAtATime = new(1, 1);

    public async Task<RuntimeResult<ImmutableArray<BridgeNetwork>>> ListAsync(CancellationToken cancellationToken) =>
        (await FindAsync([], cancellationToken)).ToImmutableArray();

    public async Task<RuntimeResult<BridgeNetwork>> EnsureAsync(DeploymentName deployment, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            var present = await FindAsync([(WarpLabels.Deployment, deployment.Value)], cancellationToken);
            return present is [var network, ..] ? network : await CreateAsync(deployment, cancellationToken);
        }
        finally
        {
            _ = _oneAtATime.Release();
        }
    }

    public async Task<RuntimeResult<Done>> RemoveAsync(DeploymentName deployment, CancellationToken cancellationToken)
    {
        foreach (var network in await FindAsync([(WarpLabels.Deployment, deployment.Value)], cancellationToken))
        {
            try
            {
                await engine.Client.Networks.DeleteNetworkAsync(network.NetworkId, cancellationToken);
            }
            catch (DockerApiException gone) when (gone.StatusCode == HttpStatusCode.NotFound)
            {
                continue;
            }
        }

        return default(Done);
    }

    public void Dispose() => _oneAtATime.Dispose();

    private async Task<RuntimeResult<BridgeNetwork>> CreateAsync(DeploymentName deployment, CancellationToken cancellationToken)
    {
        var pool = engine.Options.BridgePool;
        var name = DockerNames.Network(deployment);
        var refused = new List<Ipv4Range>();
        var lastRefusal = string.Empty;
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var everyNetwork = await engine.Client.Networks.ListNetworksAsync(new(), cancellationToken);
            if (SubnetPlan.LowestFree(pool, engine.Options.BridgePrefixLength, [.. hostRanges(), .. everyNetwork.SelectMany(SubnetsOf), .. refused]) is not { } subnet)
            {
                break;
            }

            try
            {
                var created = await engine.Client.Networks.CreateNetworkAsync(Request(deployment, name, subnet), cancellationToken);
                return new BridgeNetwork(deployment, created.ID, DockerNames.Bridge(engine.Owner, deployment), subnet, SubnetPlan.GatewayOf(subnet));
            }
            catch (DockerApiException clash) when (DockerFailure.IsSubnetClash(clash))
            {
                refused.Add(subnet);
                lastRefusal = $" The engine said last: {DockerFailure.MessageOf(clash)}.";
            }
            catch (DockerApiException conflict) when (DockerFailure.IsNameConflict(conflict))
            {
                name = DockerNames.Distinguish(DockerNames.Network(deployment), engine.Owner, deployment.Value);
            }
        }

        return new RuntimeFailure(
            RuntimeFailureKind.Rejected,
            string.Create(CultureInfo.InvariantCulture, $"no free /{engine.Options.BridgePrefixLength} is left in {pool} for the network of '{deployment}': other networks and the host's routes take it.{lastRefusal} Set another bridge pool in the node's configuration"));
    }

    private NetworksCreateParameters Request(DeploymentName deployment, string name, Ipv4Range subnet) => new()
    {
        Name = name,
        CheckDuplicate = true,
        Driver = "bridge",
        EnableIPv6 = false,
        Labels = engine.Owner.LabelsOf(deployment),
        Options = new Dictionary<string, string>(StringComparer.Ordinal) { [BridgeNameOption] = DockerNames.Bridge(engine.Owner, deployment) },
        IPAM = new IPAM
        {
            Driver = "default",
            Config = [new IPAMConfig { Subnet = subnet.ToString(), Gateway = SubnetPlan.GatewayOf(subnet).ToString() }],
        },
    };

    private async Task<IReadOnlyList<BridgeNetwork>> FindAsync(IEnumerable<(string Label, string Value)> labels, CancellationToken cancellationToken)
    {
        var networks = await engine.Client.Networks.ListNetworksAsync(new() { Filters = engine.Owner.Filter(labels) }, cancellationToken);
        return [.. networks.OrderBy(network => network.Created).Select(Observe).OfType<BridgeNetwork>()];
    }

    private static BridgeNetwork? Observe(NetworkResponse network) =>
        DockerOwner.DeploymentOf(network.Labels) is { } deployment && SubnetsOf(network) is [var subnet, ..]
            ? new BridgeNetwork(deployment, network.ID, InterfaceOf(network), subnet, GatewayOf(network, subnet))
            : null;

    private static string InterfaceOf(NetworkResponse network) =>
        network.Options is { } options && options.TryGetValue(BridgeNameOption, out var name) ? name : $"br-{network.ID[..12]}";

    private static Ipv4Address GatewayOf(NetworkResponse network, Ipv4Range subnet) =>
        Ipv4Address.TryParse(network.IPAM?.Config?.FirstOrDefault()?.Gateway, out var gateway) ? gateway : SubnetPlan.GatewayOf(subnet);

    private static IReadOnlyList<Ipv4Range> SubnetsOf(NetworkResponse network) =>
        [.. (network.IPAM?.Config ?? []).Select(config => Ipv4Range.TryParse(config.Subnet, out var range) ? range : (Ipv4Range?)null).OfType<Ipv4Range>()];
}
