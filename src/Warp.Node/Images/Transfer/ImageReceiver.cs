using System.Globalization;
using System.Net;
using Docker.DotNet;
using Warp.Node.Docker;

namespace Warp.Node.Images.Transfer;

/// <summary>The receiving end of a transfer: what is here already, and the loading with a check of what came.</summary>
/// <param name="engine">This runner's engine.</param>
internal sealed class ImageReceiver(DockerEngine engine)
{
    private readonly DockerImageLoad _load = new(engine);

    public Task<int> PresentAsync(ImageContent content, CancellationToken cancellationToken) => _load.PresentAsync(content.Layers, cancellationToken);

    public async Task<bool> IsHereAsync(string image, CancellationToken cancellationToken) => await IdAsync(image, cancellationToken) is not null;

    /// <summary>Loads the archive, and looks whether the image is the one that was promised; the engine itself checks each layer's digest.</summary>
    /// <returns>Without a problem when it is.</returns>
    public async Task<TakenImage> LoadAsync(string peer, string image, ImageContent content, HttpContent archive, IProgress<string> progress, CancellationToken cancellationToken)
    {
        var counted = new ArchiveStream(await archive.ReadAsStreamAsync(cancellationToken), bytes =>
            progress.Report(string.Create(CultureInfo.InvariantCulture, $"fetching {image} from {peer}: {bytes / 1e6:0.0} MB")));
        await using var reading = counted.ConfigureAwait(false);
        try
        {
            if (await _load.LoadAsync(counted, cancellationToken) is { } refused)
            {
                return new TakenImage(counted.Bytes, $"what came from {peer} cannot be loaded: {refused}");
            }
        }
        catch (HttpRequestException broken) when (broken.InnerException is { } cause && counted.Failed)
        {
            return new TakenImage(counted.Bytes, $"the transfer from {peer} broke off: {cause.Message}");
        }

        return await IdAsync(image, cancellationToken) is { } id && string.Equals(id, content.Id, StringComparison.Ordinal)
            ? new TakenImage(counted.Bytes, null)
            : new TakenImage(counted.Bytes, $"what came from {peer} is not the image {content.Id}");
    }

    private async Task<string?> IdAsync(string image, CancellationToken cancellationToken)
    {
        try
        {
            return (await engine.Client.Images.InspectImageAsync(image, cancellationToken)).ID;
        }
        catch (DockerApiException absent) when (absent.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }
}

/// <summary>What came of a transfer.</summary>
/// <param name="Bytes">How many came over the wire.</param>
/// <param name="Problem">Why the image is not here, for a person, as half a sentence; null when it is.</param>
internal sealed record TakenImage(long Bytes, string? Problem);
