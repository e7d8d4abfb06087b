using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;
using Warp.Cluster.Containers;
using Warp.Cluster.Specs;

namespace Warp.Node.Docker;

/// <summary>Images: looks whether they are there and pulls them.</summary>
internal sealed class DockerImages(DockerEngine engine)
{
    public async Task<RuntimeResult<ImageInfo>> EnsureAsync(string image, PullPolicy pull, IProgress<string> progress, CancellationToken cancellationToken)
    {
        if (pull != PullPolicy.Always && await FindAsync(image, cancellationToken) is { } present)
        {
            return present;
        }

        if (pull == PullPolicy.Never)
        {
            return ImageFailure.NotHere(image);
        }

        var reference = ImageReference.Parse(image);
        if (await PullAsync(image, reference, progress, cancellationToken) is { } problem)
        {
            return ImageFailure.FromPull(image, reference.Registry, problem);
        }

        return await FindAsync(image, cancellationToken) is { } pulled
            ? pulled
            : ImageFailure.FromPull(image, reference.Registry, "the pull succeeded but the image is not there; was it removed at the same moment?");
    }

    private async Task<string?> PullAsync(string image, ImageReference reference, IProgress<string> lines, CancellationToken cancellationToken)
    {
        var progress = new PullProgress(image, lines, TimeProvider.System);
        var login = RegistryCredentials.Find(engine.Options.RegistryCredentialsFile, reference.Registry);
        try
        {
            await engine.Client.Images.CreateImageAsync(
                new ImagesCreateParameters { FromImage = reference.Repository, Tag = reference.TagOrDigest }, login, progress, cancellationToken);
            return progress.Error;
        }
        catch (DockerApiException refused)
        {
            return DockerFailure.MessageOf(refused);
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
