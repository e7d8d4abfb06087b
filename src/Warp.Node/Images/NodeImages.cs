using Warp.Node.Images.Builds;
using Warp.Node.Images.Logins;

namespace Warp.Node.Images;

/// <summary>What a node does with images, for its management API.</summary>
/// <param name="Builder">Builds with the engine of this runner.</param>
/// <param name="Sealer">Seals logins at registries.</param>
public sealed record NodeImages(IImageBuilder Builder, LoginSealer Sealer);
