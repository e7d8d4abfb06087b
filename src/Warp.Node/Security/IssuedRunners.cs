using System.Collections.Immutable;
using System.Text.Json;
using Warp.Cluster.Hosting;
using Warp.Cluster.Identity;
using Warp.Cluster.Membership;
using Warp.Cluster.Protocol;
using Warp.Node.Configuration;

namespace Warp.Node.Security;

/// <summary>The CA's record of the runners it has issued a certificate for; kept beside the CA.</summary>
/// <param name="Runners">In the order of issue.</param>
public sealed record IssuedRunners(ImmutableArray<IssuedRunner> Runners)
{
    /// <summary>None yet.</summary>
    public static IssuedRunners Empty { get; } = new([]);

    /// <summary>The control nodes' cluster ports: what a new node joins by.</summary>
    /// <param name="removed">Those that were removed are not among them.</param>
    public ImmutableArray<NodeEndpoint> Seeds(RemovedRunners removed) =>
        [.. Runners.Where(runner => removed.Find(runner.Runner, runner.Enrolment) is null && runner.Roles.Contains(ClusterRoles.Control, StringComparer.Ordinal)).Select(runner => runner.Cluster)];

    /// <summary>With one more; an earlier holder of the name, which was removed, makes way.</summary>
    public IssuedRunners With(IssuedRunner runner)
    {
        ArgumentNullException.ThrowIfNull(runner);
        return new([.. Runners.Where(known => known.Runner != runner.Runner), runner]);
    }

    /// <summary>Reads the record.</summary>
    /// <exception cref="OperatorException">It cannot be read.</exception>
    public static IssuedRunners Load(DataFolder data)
    {
        ArgumentNullException.ThrowIfNull(data);
        try
        {
            return JsonSerializer.Deserialize(SecretFile.Read(FileIn(data)), SetupJson.Default.IssuedRunners) ?? Empty;
        }
        catch (JsonException failure)
        {
            throw new OperatorException(ExitCode.NotConfigured, $"{FileIn(data)} cannot be read: {failure.Message}", failure);
        }
    }

    /// <summary>Replaces the record.</summary>
    public void Save(DataFolder data)
    {
        ArgumentNullException.ThrowIfNull(data);
        SecretFile.Write(FileIn(data), JsonSerializer.Serialize(this, SetupJson.Default.IssuedRunners));
    }

    private static string FileIn(DataFolder data) => Path.Combine(data.AuthorityFolder, "issued.json");
}

/// <summary>One runner of the record.</summary>
/// <param name="Runner">Its name.</param>
/// <param name="Roles">From <see cref="ClusterRoles"/>.</param>
/// <param name="Cluster">Where its Akka remoting is reached.</param>
/// <param name="IssuedAt">When.</param>
/// <param name="Enrolment">Under which number; 0 in a record of an earlier version.</param>
public sealed record IssuedRunner(RunnerId Runner, ImmutableArray<string> Roles, NodeEndpoint Cluster, DateTimeOffset IssuedAt, long Enrolment = 0)
{
    /// <summary>The record's line for a node.</summary>
    public static IssuedRunner Of(NodeDescription node, DateTimeOffset at, long enrolment)
    {
        ArgumentNullException.ThrowIfNull(node);
        return new IssuedRunner(node.Runner, node.Roles, new NodeEndpoint(node.Address, node.Ports.Cluster), at, enrolment);
    }
}
