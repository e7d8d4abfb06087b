using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Warp.Node.Http.Access;
using Warp.Node.Http.Documents;
using Warp.Node.Http.OpenApi;
using Warp.Node.Security;

namespace Warp.Node.Http.Endpoints;

/// <summary>Where a node has its own certificates renewed: by the node that holds the cluster's CA, for the runner that the client certificate names.</summary>
internal static class CertificateEndpoints
{
    /// <summary>The path.</summary>
    public const string Path = "/warp/v1/certificates";

    public static void Map(IEndpointRouteBuilder routes, INodeCertificateIssuer? issuer) =>
        routes.MapPost(Path, async (HttpContext context) =>
        {
            var document = await RequestBody.ReadAsync(context, ManagementJson.Default.NodeSigningDocument, static document => document.Request is { Length: > 0 }, "a purpose and a signing request (PKCS #10, PEM) are expected");
            return (IResult)TypedResults.Json(new SignedDocument(await IssueAsync(context, issuer, document)), ManagementJson.Default.SignedDocument);
        })
            .RequiresForChange(AccessLevel.Nodes)
            .Describe("renewCertificate", "Certificates", "Sign the next certificate of a node.", "It is for the runner that the client certificate names; nothing but the key is taken from the request.")
            .Reads<NodeSigningDocument>("""{ "purpose": "Tunnel", "request": "-----BEGIN CERTIFICATE REQUEST-----\n...\n-----END CERTIFICATE REQUEST-----\n" }""")
            .Produces<SignedDocument>()
            .Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status409Conflict, StatusCodes.Status413PayloadTooLarge);

    private static async Task<string> IssueAsync(HttpContext context, INodeCertificateIssuer? issuer, NodeSigningDocument document)
    {
        var result = (issuer, context.Connection.ClientCertificate) switch
        {
            (null, _) => IssuanceResult.Refused("this node does not hold the cluster's CA"),
            (_, null) => IssuanceResult.Refused("a node renews its certificate by showing the one that it has; the local administrator has none"),
            var (signer, presented) => await signer.IssueAsync(presented, document.Purpose, document.Request, context.RequestAborted),
        };
        return result.CertificatePem ?? throw new ProblemException(Problem.Conflict(result.Problem!));
    }
}
