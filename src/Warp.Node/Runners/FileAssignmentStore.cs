using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Cluster.Runners;

namespace Warp.Node.Runners;

/// <summary>
/// Keeps assignments in a folder: <c>NAME.json</c> for each deployment, <c>_peers.json</c> (no deployment can be called so), and <c>public/NAME.json</c> for the public URLs of each deployment. Files have mode 0600, because variables may be secret.
/// Each is written beside its place, flushed to the disk and renamed (rename(2) replaces atomically), so that a power cut leaves the old content or the new one, never half of it.
/// </summary>
/// <param name="folder">The folder; made with mode 0700 when it is missing.</param>
public sealed class FileAssignmentStore(string folder) : IAssignmentStore
{
    private const string Extension = ".json";
    private const string BesideExtension = ".new";
    private const string AsideExtension = ".unreadable";
    private const string PeersFile = "_peers" + Extension;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter() },
    };

    /// <inheritdoc/>
    public async Task<StoredAssignments> LoadAsync(CancellationToken cancellationToken)
    {
        MakeFolders();
        var problems = ImmutableArray.CreateBuilder<string>();
        var assignments = await ReadAllAsync<Assignment>(folder, assignment => assignment.Deployment, problems, cancellationToken).ConfigureAwait(false);
        var publicRoutes = await ReadAllAsync<PublicRoutes>(PublicFolder, routes => routes.Deployment, problems, cancellationToken).ConfigureAwait(false);
        var peersPath = Path.Combine(folder, PeersFile);
        var peers = File.Exists(peersPath) ? await ReadAsync<PeerList>(peersPath, problems, cancellationToken).ConfigureAwait(false) : null;
        return new StoredAssignments(assignments, peers ?? new PeerList([]), problems.ToImmutable(), publicRoutes);
    }

    /// <inheritdoc/>
    public Task SaveAsync(Assignment assignment, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(assignment);
        return WriteAsync(PathOf(folder, assignment.Deployment), assignment, cancellationToken);
    }

    /// <inheritdoc/>
    public Task DeleteAsync(DeploymentName deployment, CancellationToken cancellationToken)
    {
        File.Delete(PathOf(folder, deployment));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task SavePublicAsync(PublicRoutes routes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(routes);
        return WriteAsync(PathOf(PublicFolder, routes.Deployment), routes, cancellationToken);
    }

    /// <inheritdoc/>
    public Task DeletePublicAsync(DeploymentName deployment, CancellationToken cancellationToken)
    {
        File.Delete(PathOf(PublicFolder, deployment));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task SavePeersAsync(PeerList peers, CancellationToken cancellationToken) => WriteAsync(Path.Combine(folder, PeersFile), peers, cancellationToken);

    private string PublicFolder => Path.Combine(folder, "public");

    private static string PathOf(string folder, DeploymentName deployment) => Path.Combine(folder, deployment.Value + Extension);

    private static bool IsPeers(string path) => string.Equals(Path.GetFileName(path), PeersFile, StringComparison.Ordinal);

    private void MakeFolders()
    {
        Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        Directory.CreateDirectory(PublicFolder, OwnerOnly | UnixFileMode.UserExecute);
    }

    private static async Task<ImmutableArray<T>> ReadAllAsync<T>(
        string folder, Func<T, DeploymentName> deploymentOf, ImmutableArray<string>.Builder problems, CancellationToken cancellationToken)
        where T : class
    {
        var all = ImmutableArray.CreateBuilder<T>();
        foreach (var path in Directory.EnumerateFiles(folder, "*" + Extension).Where(p => !IsPeers(p)).Order(StringComparer.Ordinal))
        {
            var one = await ReadAsync<T>(path, problems, cancellationToken).ConfigureAwait(false);
            if (one is not null && string.Equals(path, PathOf(folder, deploymentOf(one)), StringComparison.Ordinal))
            {
                all.Add(one);
            }
            else if (one is not null)
            {
                SetAside(path, $"it is about '{deploymentOf(one)}', which its name does not say", problems);
            }
        }

        return all.ToImmutable();
    }

    private static async Task<T?> ReadAsync<T>(string path, ImmutableArray<string>.Builder problems, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            var stream = File.OpenRead(path);
            await using (stream.ConfigureAwait(false))
            {
                return await JsonSerializer.DeserializeAsync<T>(stream, Json, cancellationToken).ConfigureAwait(false) ?? throw new JsonException("it holds null");
            }
        }
        catch (JsonException broken)
        {
            SetAside(path, broken.Message, problems);
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            problems.Add($"{path} cannot be read: {denied.Message}");
        }

        return null;
    }

    /// <summary>The file stays for a person to look at; a control node sends its content again.</summary>
    private static void SetAside(string path, string reason, ImmutableArray<string>.Builder problems)
    {
        try
        {
            File.Move(path, path + AsideExtension, overwrite: true);
            problems.Add($"{path} cannot be used and was set aside as {Path.GetFileName(path)}{AsideExtension}: {reason}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            problems.Add($"{path} cannot be used ({reason}), and not be set aside either: {failure.Message}");
        }
    }

    private async Task WriteAsync<T>(string path, T value, CancellationToken cancellationToken)
    {
        MakeFolders();
        var beside = path + BesideExtension;
        var stream = new FileStream(beside, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnly });
        await using (stream.ConfigureAwait(false))
        {
            await JsonSerializer.SerializeAsync(stream, value, Json, cancellationToken).ConfigureAwait(false);
            stream.Flush(flushToDisk: true);
        }

        File.Move(beside, path, overwrite: true);
    }
}
