using Docker.DotNet;
using Docker.DotNet.Models;

namespace Warp.Node.Docker;

/// <summary>Loads images that come from another runner.</summary>
/// <param name="engine">The engine.</param>
internal sealed class DockerImageLoad(DockerEngine engine)
{
    /// <summary>How many of the layers, from the lowest on, the engine has: the most that any of its images begins with.</summary>
    /// <param name="layers">Digests as in <c>rootfs.diff_ids</c>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="DockerApiException">The engine refuses.</exception>
    public async Task<int> PresentAsync(IReadOnlyList<string> layers, CancellationToken cancellationToken)
    {
        var present = 0;
        foreach (var image in await engine.Client.Images.ListImagesAsync(new ImagesListParameters { All = true }, cancellationToken))
        {
            try
            {
                var there = (await engine.Client.Images.InspectImageAsync(image.ID, cancellationToken)).RootFS?.Layers ?? [];
                present = Math.Max(present, there.Zip(layers, string.Equals).TakeWhile(same => same).Count());
            }
            catch (DockerImageNotFoundException)
            {
                // Removed since it was listed.
            }
        }

        return present;
    }

    /// <summary>Loads an archive.</summary>
    /// <returns>Null when the engine has taken it; else its words.</returns>
    /// <exception cref="HttpRequestException">The engine does not answer, or the archive cannot be read (see the inner exception).</exception>
    public async Task<string?> LoadAsync(Stream archive, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "images/load?quiet=1") { Content = new StreamContent(archive) };
        request.Content.Headers.ContentType = new("application/x-tar");
        try
        {
            using var answer = await engine.Streams.SendAsync(request, cancellationToken);
            await foreach (var message in EngineMessage.ReadAsync(answer.Content, cancellationToken))
            {
                if (message.ErrorDetail is { } error)
                {
                    return error.Message;
                }
            }

            return null;
        }
        catch (DockerApiException refused)
        {
            return DockerFailure.MessageOf(refused);
        }
    }
}
