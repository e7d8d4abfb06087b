using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
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
            var document = Parse(await RequestBody.ReadAsync(context));
            var result = certificates is null ? IssuanceResult.Refused("this node has no ingress") : await certificates.IssueAsync(document.Request, context.RequestAborted);
            return result.CertificatePem is { } certificate
                ? (IResult)TypedResults.Json(new SignedDocument(certificate), ManagementJson.Default.SignedDocument)
                : Problem.Conflict(result.Problem!).ToResult();
        })
            .WithMetadata(OpenToRunners.Instance)
            .Describe("signCertificate", "Ingress", "Sign the certificate of a public host, for a node's ingress.")
            .Reads<SigningDocument>("""{ "request": "-----BEGIN CERTIFICATE REQUEST-----\n...\n-----END CERTIFICATE REQUEST-----\n" }""")
            .Produces<SignedDocument>()
            .Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status409Conflict, StatusCodes.Status413PayloadTooLarge);

    private static SigningDocument Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            if (JsonSerializer.Deserialize(body.Span, ManagementJson.Default.SigningDocument) is { Request.Length: > 0 } document)
            {
                return document;
            }
        }
        catch (JsonException)
        {
            // The answer below says what is expected.
        }

        throw new ProblemException(Problem.InvalidRequest("request", "a signing request (PKCS #10, PEM) is expected"));
    }
}
