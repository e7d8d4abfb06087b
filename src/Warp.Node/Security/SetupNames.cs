using System.Security.Cryptography;
using Warp.Cluster.Identity;
using Warp.Node.Configuration;

namespace Warp.Node.Security;

/// <summary>The names that a new cluster and its nodes get.</summary>
internal static class SetupNames
{
    /// <summary>The cluster's id: part of every certificate's identity, so it has the form of a host name's label.</summary>
    public static string Cluster(string? wanted)
    {
        if (wanted is null)
        {
            return $"warp-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}";
        }

        return RunnerId.TryParse(wanted, out var id, out _)
            ? id.Value
            : throw new OperatorException(
                ExitCode.Usage, $"'{wanted}' is not a cluster name: use 1 to 63 lower-case letters, digits and '-', beginning and ending with a letter or digit.");
    }

    /// <summary>The node's name: what was asked for, else the first label of the machine's host name.</summary>
    public static RunnerId Node(string? wanted)
    {
        if (wanted is not null)
        {
            return RunnerId.TryParse(wanted, out var id, out var problem) ? id : throw new OperatorException(ExitCode.Usage, $"{problem}.");
        }

        var host = Environment.MachineName.Split('.')[0].ToLowerInvariant();
        return RunnerId.TryParse(host, out var fromHost, out _)
            ? fromHost
            : throw new OperatorException(ExitCode.Usage, $"This machine's host name '{Environment.MachineName}' cannot be the node's name. Name the node with --name.");
    }
}
