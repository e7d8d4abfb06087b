using System.Security.Cryptography;
using System.Text;

namespace Warp.Cluster.Identity;

/// <summary>The first label of a service's public host name: <c>SERVICE-DEPLOYMENT</c>, with the service in its encoded form (<see cref="ServiceNaming"/>).</summary>
public static class PublicHostName
{
    /// <summary>The longest label (RFC 1035, 2.3.4), in bytes.</summary>
    public const int MaxLabelBytes = 63;

    private const int HashDigits = 10;

    /// <summary>
    /// The label. One that would be too long is cut and ends with a hash of both names, so that it is the same for ever and differs from that of every other service.
    /// Short labels of two services may be equal ("a-b" of "c" and "a" of "b-c"): whoever serves them has to look.
    /// </summary>
    /// <returns>1 to 63 of <c>a-z</c>, <c>0-9</c> and '-', the first and last no '-'.</returns>
    /// <exception cref="ArgumentException">The service's name has no encoded form; the spec's validation refuses such a name.</exception>
    public static string Label(ServiceName service, DeploymentName deployment)
    {
        if (!ServiceNaming.TryEncode(service, out var encoded, out var problem))
        {
            throw new ArgumentException(problem, nameof(service));
        }

        var label = $"{encoded}-{deployment}".TrimStart('-');
        return label.Length <= MaxLabelBytes ? label : $"{label[..(MaxLabelBytes - HashDigits - 1)].TrimEnd('-')}-{Hash(service, deployment)}";
    }

    // No name contains '/', so no two pairs are written alike.
    private static string Hash(ServiceName service, DeploymentName deployment) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{service}/{deployment}")))[..HashDigits];
}
