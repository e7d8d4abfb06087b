using System.Security.Cryptography;
using Warp.Node.Configuration;

namespace Warp.Node.Security;

/// <summary>The cluster's own secret, the same on every node: 32 random bytes, base64 in <c>cluster.key</c> with mode 0600. It seals what only nodes may read, such as passwords.</summary>
internal static class ClusterKey
{
    private const int Bytes = 32;

    /// <summary>Makes a new key, as text for a file or a bundle.</summary>
    public static string New() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>Sees to it that the node that made the cluster has a key: one that was made by an earlier version has none yet.</summary>
    /// <returns>The key as text; null on another node that lacks it.</returns>
    /// <exception cref="OperatorException">The file cannot be read or written, or is open to others.</exception>
    public static string? Ensure(DataFolder data, NodeDescription node)
    {
        if (File.Exists(data.ClusterKey))
        {
            return SecretFile.Read(data.ClusterKey);
        }

        if (!node.Founder)
        {
            return null;
        }

        var made = New();
        SecretFile.Write(data.ClusterKey, made);
        return made;
    }

    /// <summary>Reads the key; asked for each use, so that a file that is put in place needs no restart.</summary>
    /// <param name="data">The data folder.</param>
    /// <param name="problem">Why there is none, for a person, with the next step, as half a sentence; null when there is one.</param>
    public static byte[]? Read(DataFolder data, out string? problem)
    {
        problem = null;
        try
        {
            if (File.Exists(data.ClusterKey) && Convert.FromBase64String(SecretFile.Read(data.ClusterKey).Trim()) is { Length: Bytes } key)
            {
                return key;
            }

            problem = File.Exists(data.ClusterKey)
                ? $"{data.ClusterKey} is not a cluster key: copy it again from the node that made the cluster"
                : $"this node has no cluster key, because its bundle was made by an earlier version: copy cluster.key from the data folder of the node that made the cluster to {data.ClusterKey}, with mode 0600";
        }
        catch (FormatException)
        {
            problem = $"{data.ClusterKey} is not a cluster key: copy it again from the node that made the cluster";
        }
        catch (OperatorException unreadable)
        {
            problem = unreadable.Message.TrimEnd('.');
        }

        return null;
    }
}
