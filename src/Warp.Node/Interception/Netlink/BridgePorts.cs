using System.Runtime.InteropServices;
using Warp.Node.Interception.Native;

namespace Warp.Node.Interception.Netlink;

/// <summary>
/// The ports of bridges: the host's ends of the containers' links (rtnetlink(7), linux/if_link.h). With bridge-nf-call-iptables a bridge forwards a translated frame by itself,
/// and not to the port it came from unless that port is in hairpin mode; a service that calls its own IST address needs it.
/// </summary>
internal sealed class BridgePorts(NetlinkSocket route)
{
    private const string BridgeNetfilter = "/proc/sys/net/bridge/bridge-nf-call-iptables";
    private const int GetLink = 18;
    private const int SetLink = 19;
    private const int HeaderSize = 16;
    private const int IndexOffset = 4;
    private const int MasterAttribute = 10;
    private const int PortAttribute = 12;
    private const int HairpinAttribute = 4;
    private const int Nested = 0x8000;
    private const byte BridgeFamily = 7;
    private const int NoDevice = 19;

    /// <summary>Switches hairpin mode on where it is off, on kernels whose bridges need it.</summary>
    /// <param name="isOurs">Whether a bridge of that name is ours.</param>
    public void EnsureHairpin(Predicate<string> isOurs)
    {
        if (!File.Exists(BridgeNetfilter) || File.ReadAllText(BridgeNetfilter).StartsWith('0'))
        {
            return;
        }

        var header = new byte[HeaderSize];
        header[0] = BridgeFamily;
        foreach (var message in route.Ask(new NetlinkRequest(GetLink, NetlinkFlags.Dump, header)).Messages)
        {
            var attributes = message.AsSpan(HeaderSize);
            var master = NetlinkAttributes.Find(attributes, MasterAttribute);
            var hairpin = NetlinkAttributes.Find(NetlinkAttributes.Find(attributes, PortAttribute), HairpinAttribute);
            if (hairpin is [0] && !master.IsEmpty && Libc.InterfaceName(MemoryMarshal.Read<uint>(master)) is { } bridge && isOurs(bridge))
            {
                SwitchOn(message.AsSpan(IndexOffset, sizeof(int)));
            }
        }
    }

    private void SwitchOn(ReadOnlySpan<byte> port)
    {
        var header = new byte[HeaderSize];
        header[0] = BridgeFamily;
        port.CopyTo(header.AsSpan(IndexOffset));

        // One nested attribute: length 5 (header and one byte), type, value, padding.
        byte[] hairpinOn = [5, 0, HairpinAttribute, 0, 1, 0, 0, 0];
        var answer = route.Ask(new NetlinkRequest(SetLink, NetlinkFlags.Acknowledge, header).With(PortAttribute | Nested, hairpinOn));
        if (answer.Errno is not 0 and not NoDevice)
        {
            throw new InterceptionException($"hairpin mode of a bridge port cannot be switched on: {Errno.Explain(answer.Errno)}");
        }
    }
}
