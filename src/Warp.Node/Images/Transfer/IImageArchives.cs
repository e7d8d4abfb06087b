using System.Collections.Immutable;

namespace Warp.Node.Images.Transfer;

/// <summary>The images of this runner, for other runners.</summary>
public interface IImageArchives
{
    /// <summary>Looks for exactly that image.</summary>
    /// <param name="reference">A reference or an image id.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Null when it is not here.</returns>
    /// <exception cref="IOException">The engine does not answer.</exception>
    Task<ImageContent?> FindAsync(string reference, CancellationToken cancellationToken);

    /// <summary>Writes the image as the archive that an engine loads, without the layers that the other engine has.</summary>
    /// <param name="reference">As it is to be called there.</param>
    /// <param name="content">What it has to be, from <see cref="FindAsync"/>.</param>
    /// <param name="present">How many of its layers, from the lowest on, the other engine has.</param>
    /// <param name="destination">Where to; slow readers are waited for.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="IOException">The engine or the disk failed; what was written is incomplete.</exception>
    Task WriteAsync(string reference, ImageContent content, int present, Stream destination, CancellationToken cancellationToken);
}

/// <summary>What an image is.</summary>
/// <param name="Id">The engine's image id: the digest of its configuration, which names its layers.</param>
/// <param name="Layers">The digests of its layers as uncompressed archives, from the lowest on (OCI image specification, <c>rootfs.diff_ids</c>).</param>
/// <param name="Size">Bytes that it takes on the engine's disk.</param>
public sealed record ImageContent(string Id, ImmutableArray<string> Layers, long Size);
