using System.Collections.Frozen;
using System.Formats.Tar;
using System.Net;
using Docker.DotNet;
using Warp.Node.Docker;

namespace Warp.Node.Images.Transfer;

/// <summary>
/// Images of this runner's engine as archives (Docker Engine API, <c>GET /images/get</c>). The engine writes every layer; those that the other side has are taken out on the way. Which
/// layer a file is tells its content, whatever the archive's layout is: an engine that loads it does not look for the files of layers that it has.
/// </summary>
/// <param name="engine">The engine.</param>
/// <param name="folder">For files on their way.</param>
internal sealed class ImageArchives(DockerEngine engine, TransferFolder folder) : IImageArchives
{
    /// <inheritdoc/>
    public async Task<ImageContent?> FindAsync(string reference, CancellationToken cancellationToken)
    {
        try
        {
            var found = await engine.Client.Images.InspectImageAsync(reference, cancellationToken);
            return new ImageContent(found.ID, [.. found.RootFS?.Layers ?? []], found.Size);
        }
        catch (DockerApiException refused) when (refused.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.BadRequest)
        {
            return null;
        }
        catch (Exception failure) when (DockerFailure.IsExpected(failure) && !cancellationToken.IsCancellationRequested)
        {
            throw new IOException(DockerFailure.From(failure, $"look for the image '{reference}'", engine.Options.Endpoint).Message, failure);
        }
    }

    /// <inheritdoc/>
    public async Task WriteAsync(string reference, ImageContent content, int present, Stream destination, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"images/get?names={Uri.EscapeDataString(reference)}");
            using var answer = await engine.Streams.SendAsync(request, cancellationToken);
            var needed = content.Layers.Skip(present).ToFrozenSet(StringComparer.Ordinal);
            var left = content.Layers.Where(layer => !needed.Contains(layer)).ToFrozenSet(StringComparer.Ordinal);
            await CopyAsync(await answer.Content.ReadAsStreamAsync(cancellationToken), left, destination, cancellationToken);
        }
        catch (Exception failure) when (DockerFailure.IsExpected(failure) && !cancellationToken.IsCancellationRequested)
        {
            throw new IOException(DockerFailure.From(failure, $"write the image '{reference}'", engine.Options.Endpoint).Message, failure);
        }
    }

    private async Task CopyAsync(Stream archive, FrozenSet<string> left, Stream destination, CancellationToken cancellationToken)
    {
        var reader = new TarReader(archive);
        await using var reading = reader.ConfigureAwait(false);
        var writer = new TarWriter(destination, TarEntryFormat.Gnu, leaveOpen: true);
        await using var writing = writer.ConfigureAwait(false);
        while (await reader.GetNextEntryAsync(copyData: false, cancellationToken) is { } entry)
        {
            var copy = new GnuTarEntry(entry.EntryType is TarEntryType.V7RegularFile ? TarEntryType.RegularFile : entry.EntryType, entry.Name) { Mode = entry.Mode };
            if (entry.LinkName.Length > 0)
            {
                copy.LinkName = entry.LinkName;
            }

            if (entry.DataStream is not { } data)
            {
                await writer.WriteEntryAsync(copy, cancellationToken);
                continue;
            }

            // Only its whole content tells which layer it is.
            var file = await folder.TakeAsync(data, cancellationToken);
            await using var held = file.Content.ConfigureAwait(false);
            if (!left.Contains(file.Digest))
            {
                copy.DataStream = file.Content;
                await writer.WriteEntryAsync(copy, cancellationToken);
            }
        }
    }
}
