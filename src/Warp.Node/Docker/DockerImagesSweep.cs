using Docker.DotNet.Models;

namespace Warp.Node.Docker;

/// <summary>Removes images that Warp built and that nobody will use again, so that disks do not fill. What a container uses, running or not, is never touched.</summary>
/// <param name="engine">The engine.</param>
internal sealed class DockerImagesSweep(DockerEngine engine)
{
    /// <summary>How many images of a service are kept for a rollback.</summary>
    public const int Kept = 5;

    /// <summary>Keeps the newest <see cref="Kept"/> of a service and those that are in use. Best effort: what the engine does not remove today it will another time.</summary>
    /// <param name="repository">As of <see cref="BuiltImageName.Repository"/>.</param>
    /// <param name="newest">The reference that has just come, which is kept.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task TrimAsync(string repository, string newest, CancellationToken cancellationToken)
    {
        try
        {
            var used = (await engine.Client.Containers.ListContainersAsync(new ContainersListParameters { All = true }, cancellationToken))
                .Select(container => container.ImageID).ToHashSet(StringComparer.Ordinal);
            foreach (var image in (await ListAsync(repository, newest, cancellationToken)).Skip(Kept).Where(image => !used.Contains(image.Id)))
            {
                await engine.Client.Images.DeleteImageAsync(image.Reference, new ImageDeleteParameters(), cancellationToken);
            }
        }
        catch (Exception failure) when (DockerFailure.IsExpected(failure))
        {
            // An image that is taken into use at this moment is refused with a conflict; the next build looks again.
        }
    }

    // By when they were named: a build whose every step comes from the cache gives an image that was made long ago.
    private async Task<IEnumerable<(string Reference, string Id)>> ListAsync(string repository, string newest, CancellationToken cancellationToken)
    {
        var filter = new Dictionary<string, IDictionary<string, bool>>(StringComparer.Ordinal)
        {
            ["reference"] = new Dictionary<string, bool>(StringComparer.Ordinal) { [repository] = true },
        };
        var named = new List<(string Reference, string Id, DateTime At)>();
        foreach (var image in await engine.Client.Images.ListImagesAsync(new ImagesListParameters { Filters = filter }, cancellationToken))
        {
            var inspected = await engine.Client.Images.InspectImageAsync(image.ID, cancellationToken);
            named.AddRange(image.RepoTags.Where(tag => tag.StartsWith(repository + ":", StringComparison.Ordinal)).Select(tag => (tag, image.ID, inspected.Metadata.LastTagTime)));
        }

        return named.OrderByDescending(image => string.Equals(image.Reference, newest, StringComparison.Ordinal)).ThenByDescending(image => image.At).Select(image => (image.Reference, image.Id));
    }
}
