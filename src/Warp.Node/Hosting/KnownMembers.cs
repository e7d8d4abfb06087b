using System.Collections.Immutable;
using System.Text.Json;
using Akka.Actor;
using Akka.Cluster;
using Microsoft.Extensions.Logging;
using Warp.Cluster.Protocol;
using Warp.Node.Configuration;
using Warp.Node.Security;

namespace Warp.Node.Hosting;

/// <summary>The cluster members that were up and reachable when this node last looked, kept in <c>members.json</c>: ways back in after a restart.</summary>
internal sealed class KnownMembers(string file, ILogger<KnownMembers> log)
{
    private ImmutableArray<NodeEndpoint> _saved = [];

    /// <summary>What was kept; nothing when there is no file or it cannot be read, because the configured seeds still are.</summary>
    public ImmutableArray<NodeEndpoint> Load()
    {
        if (!File.Exists(file))
        {
            return [];
        }

        try
        {
            using var stream = File.OpenRead(file);
            return _saved = [.. JsonSerializer.Deserialize(stream, NodeJson.Default.NodeEndpointArray) ?? []];
        }
        catch (Exception failure) when (failure is JsonException or IOException or UnauthorizedAccessException)
        {
            log.LogWarning("{File} cannot be read and is left aside: {Problem}", file, failure.Message);
            return [];
        }
    }

    /// <summary>Keeps what the cluster looks like now, if it changed. A node that sees nobody else keeps whom it knew: they are whom it has to ask.</summary>
    public void Record(ActorSystem system)
    {
        var cluster = Akka.Cluster.Cluster.Get(system);
        var state = cluster.State;
        ImmutableArray<NodeEndpoint> now =
        [
            .. state.Members
                .Where(member => member.Status == MemberStatus.Up && !state.Unreachable.Contains(member) && member.Address != cluster.SelfAddress)
                .Where(member => member.Address.Host is not null && member.Address.Port is not null)
                .Select(member => new NodeEndpoint(member.Address.Host!, member.Address.Port!.Value))
                .OrderBy(member => member.ToString(), StringComparer.Ordinal),
        ];
        if (now.IsEmpty || now.SequenceEqual(_saved))
        {
            return;
        }

        SecretFile.Write(file, JsonSerializer.Serialize([.. now], NodeJson.Default.NodeEndpointArray));
        _saved = now;
    }
}
