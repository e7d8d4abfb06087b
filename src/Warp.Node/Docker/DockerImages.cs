using System.Net;
using Docker.DotNet;
using Warp.Cluster.Containers;
using Warp.Cluster.Specs;

namespace Warp.Node.Docker;

/// <summary>Images: looks whether they are there, and gets them from their registry or from another runner.</summary>
/// <param name="engine">The engine.</param>
/// <param name="logins">For registries that want one.</param>
/// <param name="others">The other runners; null when there are none to ask.</param>
internal sealed class DockerImages(DockerEngine engine, IRegistryLogins logins, IImageSource? others)
{
    private readonly DockerPull _pull = new(engine, logins);
    private readonly DockerImagesSweep _sweep = new(engine);

    public async Task<RuntimeResult<ImageInfo>> EnsureAsync(string image, PullPolicy pull, IProgress<string> progress, CancellationToken cancellationToken)
    {
        var isBuilt = BuiltImageName.Is(image);
        if ((pull != PullPolicy.Always || isBuilt) && await FindAsync(image, cancellationToken) is { } present)
        {
            return present;
        }

        var registry = pull == PullPolicy.Never || isBuilt ? null : await _pull.RunAsync(image, progress, cancellationToken);
        if (registry is { Failure: null })
        {
            return await FindAsync(image, cancellationToken) is { } pulled ? pulled : ImageFailure.Vanished(image);
        }

        if (pull == PullPolicy.Always && !isBuilt)
        {
            return registry!.Failure!;
        }

        var why = others is null ? "there is no other runner to ask" : await others.FetchAsync(image, progress, cancellationToken);
        if (why is null && await FindAsync(image, cancellationToken) is { } fetched)
        {
            await TrimAsync(image, cancellationToken);
            return fetched;
        }

        return registry?.Failure ?? ImageFailure.NotHere(image, isBuilt, why ?? "it was removed again as soon as it was here");
    }

    private async Task TrimAsync(string image, CancellationToken cancellationToken)
    {
        if (BuiltImageName.Is(image))
        {
            await _sweep.TrimAsync(image, cancellationToken);
        }
    }

    private async Task<ImageInfo?> FindAsync(string image, CancellationToken cancellationToken)
    {
        try
        {
            var found = await engine.Client.Images.InspectImageAsync(image, cancellationToken);
            return new ImageInfo(found.ID, ContainerObservation.ExposedTcpPorts(found.Config?.ExposedPorts));
        }
        catch (DockerApiException absent) when (absent.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }
}

/// <summary>The other runners, as a place where an image may be.</summary>
internal interface IImageSource
{
    /// <summary>Looks for exactly that image and loads it into this runner's engine.</summary>
    /// <param name="image">The reference, or an image id.</param>
    /// <param name="progress">Receives short lines for a person.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Null when it is here now; else why not, for a person, as half a sentence.</returns>
    Task<string?> FetchAsync(string image, IProgress<string> progress, CancellationToken cancellationToken);
}
