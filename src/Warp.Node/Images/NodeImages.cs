using Warp.Node.Images.Builds;
using Warp.Node.Images.Logins;
using Warp.Node.Images.Transfer;

namespace Warp.Node.Images;

/// <summary>What a node does with images, for its management API.</summary>
/// <param name="Builder">Builds with the engine of this runner.</param>
/// <param name="Sealer">Seals logins at registries.</param>
/// <param name="Archives">This runner's images, for other runners; null when it gives none.</param>
public sealed record NodeImages(IImageBuilder Builder, LoginSealer Sealer, IImageArchives? Archives = null);
