using Warp.Node.Images.Builds;

namespace Warp.Node.Images;

/// <summary>What a node does with images, for its management API.</summary>
/// <param name="Builder">Builds with the engine of this runner.</param>
public sealed record NodeImages(IImageBuilder Builder);
