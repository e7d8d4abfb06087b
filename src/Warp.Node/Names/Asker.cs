using Warp.Cluster.Identity;

namespace Warp.Node.Names;

/// <summary>Who asks.</summary>
/// <param name="Gateway">This runner's address on the bridge that the question came in by: the kernel lets it come by no other, so it proves the deployment.</param>
/// <param name="Container">The source address; a container may forge it, within its bridge.</param>
internal readonly record struct Asker(Ipv4Address Gateway, Ipv4Address Container);
