using Warp.Node.Configuration;

namespace Warp.Node.Http.Documents;

/// <summary>A machine asks to be taken in.</summary>
/// <param name="Token">The join token's id.</param>
/// <param name="Secret">The join token's secret.</param>
/// <param name="Name">The name that it wants in the cluster.</param>
/// <param name="Address">How the other nodes will reach it.</param>
/// <param name="Ports">Its ports.</param>
/// <param name="Request">PKCS #10, PEM; only its key counts.</param>
internal sealed record JoinRequestDocument(string Token, string Secret, string Name, string Address, NodePorts Ports, string Request);

/// <summary>A machine was taken in.</summary>
/// <param name="Node">The content of its node.json.</param>
/// <param name="Certificate">X.509, PEM.</param>
/// <param name="Authorities">The cluster's CA certificates, PEM.</param>
/// <param name="ClusterKey">The cluster's own secret, base64.</param>
internal sealed record JoinedDocument(string Node, string Certificate, string Authorities, string? ClusterKey);
