using System.Collections.Immutable;
using System.Globalization;
using Warp.Node.Interception;
using Warp.Node.Interception.Netlink;

namespace Warp.Node.Diagnosis.Checks;

/// <summary>Whether what containers send fits through the way out of this host. Traffic between services is not concerned: the tunnel is TCP of the host.</summary>
internal sealed class MtuCheck(InterceptionOptions options) : ICheck
{
    /// <inheritdoc/>
    public string Name => "mtu";

    /// <inheritdoc/>
    public Task<ImmutableArray<Finding>> LookAsync(CancellationToken cancellationToken)
    {
        using var socket = NetlinkSocket.OpenRoute();
        return Task.FromResult(Judge(new MtuFacts(Read(HostNetwork.Bridges(options, socket)), Read(WaysOut(new KernelRoutes(socket).List())))));
    }

    internal static ImmutableArray<Finding> Judge(MtuFacts facts)
    {
        if (facts.WaysOut.IsEmpty)
        {
            return [Finding.Ok("mtu", "this host has no way out that packets would have to fit through")];
        }

        var narrow = facts.WaysOut.MinBy(way => way.Mtu)!;
        return facts.Bridges.Where(bridge => bridge.Mtu > narrow.Mtu).MaxBy(bridge => bridge.Mtu) is { } wide
            ? [Finding.Warning(
                "mtu",
                $"containers send packets of up to {wide.Mtu} bytes ({wide.Interface}), and {narrow.Interface} takes {narrow.Mtu}: what they send to the world may get stuck where nobody tells them; traffic between services is not concerned",
                $"put \"default-network-opts\": {{\"bridge\": {{\"com.docker.network.driver.mtu\": \"{narrow.Mtu}\"}}}} into /etc/docker/daemon.json, restart the engine, and remove and deploy again what should use it")]
            : [Finding.Ok("mtu", $"packets of containers fit through {narrow.Interface} ({narrow.Mtu} bytes)")];
    }

    private static IEnumerable<string> WaysOut(IReadOnlyList<KernelRoute> routes) =>
        routes.Where(route => route.Kind == RouteKind.Unicast && route.Range.PrefixLength == 0).Select(route => route.Interface).OfType<string>();

    private static ImmutableArray<InterfaceMtu> Read(IEnumerable<string> interfaces) =>
    [
        .. from name in interfaces.Distinct(StringComparer.Ordinal)
           let file = $"/sys/class/net/{name}/mtu"
           where File.Exists(file)
           select new InterfaceMtu(name, int.Parse(File.ReadAllText(file), CultureInfo.InvariantCulture)),
    ];
}

/// <summary>The largest packets of some interfaces.</summary>
/// <param name="Bridges">The deployments' bridges.</param>
/// <param name="WaysOut">Where the default routes lead; empty without one.</param>
internal sealed record MtuFacts(ImmutableArray<InterfaceMtu> Bridges, ImmutableArray<InterfaceMtu> WaysOut);

/// <summary>An interface and the largest packet that it takes, in bytes.</summary>
internal sealed record InterfaceMtu(string Interface, int Mtu);
