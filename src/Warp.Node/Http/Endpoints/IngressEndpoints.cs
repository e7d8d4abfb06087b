using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Warp.Node.Http.Access;
using Warp.Node.Http.Documents;
using Warp.Node.Http.OpenApi;
using Warp.Node.Security;

namespace Warp.Node.Http.Endpoints;

/// <summary>Where a node has the certificates of its ingress signed: by the node that holds the cluster's CA, for hosts of public URLs only.</summary>
internal static class IngressEndpoints
{
    /// <summary>The path.</summary>
    public const string Certificates = "/warp/v1/ingress/certificates";

    public static void Map(IEndpointRouteBuilder routes, ICertificateIssuer? certificates) =>
        routes.MapPost(Certificates, async (HttpContext context) =>
        {
            var document = await RequestBody.ReadAsync(context, ManagementJson.Default.SigningDocument, static document => document.Request is { Length: > 0 }, "a signing request (PKCS #10, PEM) is expected");
            var result = certificates is null ? IssuanceResult.Refused("this node has no ingress") : await certificates.IssueAsync(document.Request, context.RequestAborted);
            return result.CertificatePem is { } certificate
                ? (IResult)TypedResults.Json(new SignedDocument(certificate), ManagementJson.Default.SignedDocument)
                : Problem.Conflict(result.Problem!).ToResult();
        })
            .RequiresForChange(AccessLevel.Nodes)
            .Describe("signCertificate", "Ingress", "Sign the certificate of a public host, for a node's ingress.")
            .Reads<SigningDocument>("""{ "request": "-----BEGIN CERTIFICATE REQUEST-----\n...\n-----END CERTIFICATE REQUEST-----\n" }""")
            .Produces<SignedDocument>()
            .Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status409Conflict, StatusCodes.Status413PayloadTooLarge);
}
