using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Warp.Node.Configuration;

namespace Warp.Node.Security;

/// <summary>The one spelling by which the other nodes reach a node. Akka.NET drops what is addressed to any other spelling, so it is chosen once and kept.</summary>
internal static class AdvertisedAddress
{
    /// <summary>Checks what a person wrote: an IPv4 address or a host name, never one that means "this machine" elsewhere.</summary>
    /// <exception cref="OperatorException">It is not usable.</exception>
    public static string Check(string address)
    {
        var problem = address switch
        {
            _ when IPAddress.TryParse(address, out var ip) && ip.AddressFamily != AddressFamily.InterNetwork => "IPv6 addresses are not supported here; give an IPv4 address or a host name",
            "0.0.0.0" or "255.255.255.255" => "it is no machine's address",
            "localhost" => "it means another machine on each machine; give the address that the other runners can reach",
            _ => Uri.CheckHostName(address) is UriHostNameType.Dns or UriHostNameType.IPv4 ? null : "it is neither an IPv4 address nor a host name",
        };
        return problem is null
            ? address.ToLowerInvariant()
            : throw new OperatorException(ExitCode.Usage, $"--address {address}: {problem}.");
    }

    /// <summary>The IPv4 address of the interface that has the default route.</summary>
    /// <exception cref="OperatorException">There is none, or more than one.</exception>
    public static string Detect()
    {
        var candidates = NetworkInterface.GetAllNetworkInterfaces()
            .Where(card => card.OperationalStatus != OperationalStatus.Down && card.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .Select(card => card.GetIPProperties())
            .Where(card => card.GatewayAddresses.Any(gateway => gateway.Address.AddressFamily == AddressFamily.InterNetwork))
            .SelectMany(card => card.UnicastAddresses)
            .Select(unicast => unicast.Address)
            .Where(ip => ip.AddressFamily == AddressFamily.InterNetwork)
            .Select(ip => ip.ToString())
            .Distinct(StringComparer.Ordinal)
            .ToList();
        return candidates switch
        {
            [var only] => only,
            [] => throw new OperatorException(ExitCode.Usage, "This machine has no default route, so its address is not clear. Name the one that the other runners reach with --address."),
            _ => throw new OperatorException(
                ExitCode.Usage, $"This machine has several addresses ({string.Join(", ", candidates)}). Name the one that the other runners reach with --address."),
        };
    }
}
