using System.Globalization;
using Warp.Cluster.Identity;
using Warp.Node.Routing;

namespace Warp.Node.Names;

/// <summary>
/// What the node itself answers for: the host names of services, and the names of IST addresses. IPv4 only, so that a known name has no other address and a client that
/// asks for one goes on at once. Pure.
/// </summary>
/// <param name="istRange">Where IST addresses come from.</param>
internal sealed class ServiceZone(Ipv4Range istRange)
{
    private const string ReverseSuffix = ".in-addr.arpa";
    private const ushort ClassIn = 1;
    private const ushort ClassAny = 255;
    private static readonly string s_apex = ServiceNaming.HostSuffix.TrimStart('.');

    /// <summary>Whether nobody else is asked about this name.</summary>
    public bool Covers(in DnsQuestion question) =>
        IsHostName(question.Name) || (ReversedAddress(question.Name) is { } address && istRange.Contains(address));

    /// <summary>The answer to a question that is covered.</summary>
    /// <param name="query">What was asked.</param>
    /// <param name="question">Its question.</param>
    /// <param name="names">Of the asking container's deployment.</param>
    public static byte[] Answer(ReadOnlySpan<byte> query, in DnsQuestion question, DeploymentNames names)
    {
        if (question.Class is not (ClassIn or ClassAny))
        {
            return DnsAnswer.Failure(query, question, DnsOutcome.Refused);
        }

        return IsHostName(question.Name) ? OfName(query, question, names) : OfAddress(query, question, names.NameOf(ReversedAddress(question.Name)!.Value));
    }

    private static byte[] OfName(ReadOnlySpan<byte> query, in DnsQuestion question, DeploymentNames names)
    {
        var address = names.Find(question.Name);
        if (address is { } known && Asks(question, DnsType.A))
        {
            return DnsAnswer.Address(query, question, known);
        }

        var isThere = address is not null || string.Equals(question.Name, s_apex, StringComparison.Ordinal);
        return DnsAnswer.None(query, question, isThere ? DnsOutcome.Done : DnsOutcome.NoSuchName, question.LastLabel);
    }

    private static byte[] OfAddress(ReadOnlySpan<byte> query, in DnsQuestion question, string? name) =>
        name is not null && Asks(question, DnsType.Ptr)
            ? DnsAnswer.Name(query, question, name)
            : DnsAnswer.None(query, question, name is null ? DnsOutcome.NoSuchName : DnsOutcome.Done, question.Parent);

    private static bool Asks(in DnsQuestion question, DnsType type) => question.Type == (ushort)type || question.Type == (ushort)DnsType.Any;

    private static bool IsHostName(string name) => name.EndsWith(ServiceNaming.HostSuffix, StringComparison.Ordinal) || string.Equals(name, s_apex, StringComparison.Ordinal);

    // 4.3.2.1.in-addr.arpa is 1.2.3.4 (RFC 1035, 3.5).
    private static Ipv4Address? ReversedAddress(string name)
    {
        if (!name.EndsWith(ReverseSuffix, StringComparison.Ordinal))
        {
            return null;
        }

        var octets = name[..^ReverseSuffix.Length].Split('.');
        Array.Reverse(octets);
        return octets.Length == 4 && octets.All(octet => byte.TryParse(octet, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            && Ipv4Address.TryParse(string.Join('.', octets), out var address)
            ? address
            : null;
    }
}
