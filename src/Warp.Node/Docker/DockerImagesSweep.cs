using Docker.DotNet.Models;

namespace Warp.Node.Docker;

/// <summary>Removes images that Warp built and that nobody will use again, so that disks do not fill. What a container uses, running or not, is never touched.</summary>
/// <param name="engine">The engine.</param>
internal sealed class DockerImagesSweep(DockerEngine engine)
{
    /// <summary>How many images of a service are kept for a rollback.</summary>
    public const int Kept = 5;

    /// <summary>How long an image is kept that nothing uses, whatever its number: of services that were removed nothing else would ever go.</summary>
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    /// <summary>Looks through all images that Warp built. Best effort: what the engine does not remove today it will another time.</summary>
    /// <param name="newest">The reference that has just come, which is kept.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task TrimAsync(string newest, CancellationToken cancellationToken)
    {
        try
        {
            var used = (await engine.Client.Containers.ListContainersAsync(new ContainersListParameters { All = true }, cancellationToken))
                .Select(container => container.ImageID).ToHashSet(StringComparer.Ordinal);
            var oldest = DateTime.UtcNow - KeptFor;
            foreach (var image in await ListAsync(newest, cancellationToken))
            {
                if (!used.Contains(image.Id) && (image.Rank >= Kept || (image.NamedAt < oldest && image.Rank > 0)))
                {
                    await engine.Client.Images.DeleteImageAsync(image.Reference, new ImageDeleteParameters(), cancellationToken);
                }
            }
        }
        catch (Exception failure) when (DockerFailure.IsExpected(failure))
        {
            // An image that is taken into use at this moment is refused with a conflict; the next build looks again.
        }
    }

    // By when they were named: a build whose every step comes from the cache gives an image that was made long ago.
    private async Task<IEnumerable<BuiltImage>> ListAsync(string newest, CancellationToken cancellationToken)
    {
        var named = new List<BuiltImage>();
        foreach (var image in await engine.Client.Images.ListImagesAsync(new ImagesListParameters { Filters = BuiltImageName.Filter }, cancellationToken))
        {
            var inspected = await engine.Client.Images.InspectImageAsync(image.ID, cancellationToken);
            named.AddRange((image.RepoTags ?? []).Where(BuiltImageName.Is).Select(tag => new BuiltImage(tag, image.ID, inspected.Metadata.LastTagTime, 0)));
        }

        return named.GroupBy(image => ImageReference.Parse(image.Reference).Repository, StringComparer.Ordinal).SelectMany(service => service
            .OrderByDescending(image => string.Equals(image.Reference, newest, StringComparison.Ordinal)).ThenByDescending(image => image.NamedAt)
            .Select((image, rank) => image with { Rank = rank }));
    }

    /// <summary>One image.</summary>
    /// <param name="Reference">Its name.</param>
    /// <param name="Id">The engine's id.</param>
    /// <param name="NamedAt">UTC.</param>
    /// <param name="Rank">Among its service's: 0 is the newest.</param>
    private sealed record BuiltImage(string Reference, string Id, DateTime NamedAt, int Rank);
}
