using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Warp.Cluster.Identity;

namespace Warp.Node.Docker;

/// <summary>Names for what the engine and the kernel have to name: readable for a person, safe in their character sets, the same each time.</summary>
internal static class DockerNames
{
    private const int MaxServicePart = 40;
    private const int MaxHostname = 63;

    /// <summary><c>warp-DEPLOYMENT-SERVICE-ORDINAL-gGENERATION</c>; the engine allows <c>[a-zA-Z0-9_.-]</c>.</summary>
    public static string Container(InstanceId instance) =>
        string.Create(CultureInfo.InvariantCulture, $"warp-{instance.Deployment}-{SafePart(instance.Service.Value)}-{instance.Ordinal}-g{instance.Generation}");

    /// <summary><c>warp-DEPLOYMENT</c>.</summary>
    public static string Network(DeploymentName deployment) => $"warp-{deployment}";

    /// <summary><c>warp-CLUSTER-ID</c>: what is in it outlives deployments and the runner's name, so a person has to know it again.</summary>
    public static string Volume(DockerOwner owner, string id) => $"warp-{owner.Cluster}-{id}";

    /// <summary>
    /// What is appended when somebody else on the engine holds the readable name: two deployments' names may run together ("a-b" + "c" and "a" + "b-c"),
    /// and two runners may share an engine.
    /// </summary>
    public static string Distinguish(string name, DockerOwner owner, string identity) => $"{name}-{Hash(8, owner.Cluster, owner.Runner.Value, identity)}";

    /// <summary>The bridge's interface on the host: 14 of the 15 characters that the kernel allows (IFNAMSIZ in linux/if.h).</summary>
    public static string Bridge(DockerOwner owner, DeploymentName deployment) => $"warp{Hash(10, owner.Cluster, owner.Runner.Value, deployment.Value)}";

    /// <summary>The container's own host name: letters, digits and '-', at most 63 characters (RFC 1123, 2.1).</summary>
    public static string Hostname(ServiceName service)
    {
        var label = Replace(service.Value, static c => char.IsAsciiLetterOrDigit(c)).ToLowerInvariant().Trim('-');
        label = label.Length > MaxHostname ? label[..MaxHostname].TrimEnd('-') : label;
        return label.Length == 0 ? "service" : label;
    }

    private static string SafePart(string service)
    {
        var safe = Replace(service, static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-');
        if (safe.Length > MaxServicePart)
        {
            safe = safe[..MaxServicePart];
        }

        return string.Equals(safe, service, StringComparison.Ordinal) ? safe : $"{safe}-{Hash(6, service)}";
    }

    private static string Replace(string text, Func<char, bool> allowed) =>
        string.Create(text.Length, (text, allowed), static (span, state) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = state.allowed(state.text[i]) ? state.text[i] : '-';
            }
        });

    private static string Hash(int digits, params ReadOnlySpan<string> parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))))[..digits];
}
