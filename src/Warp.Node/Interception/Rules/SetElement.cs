using Warp.Cluster.Identity;

namespace Warp.Node.Interception.Rules;

/// <summary>One element of a set or map; the set's <see cref="SetSchema"/> tells which members it uses, the others have their default value.</summary>
/// <param name="Interface">A bridge; empty when the key has none.</param>
/// <param name="Address">The address of the key.</param>
/// <param name="Value">The value of a map's element.</param>
internal readonly record struct SetElement(string Interface, Ipv4Address Address = default, Ipv4Address Value = default);
