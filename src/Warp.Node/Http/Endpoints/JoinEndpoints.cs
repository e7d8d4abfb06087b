using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Warp.Node.Configuration;
using Warp.Node.Http.Access;
using Warp.Node.Http.Documents;
using Warp.Node.Http.OpenApi;
using Warp.Node.Security;

namespace Warp.Node.Http.Endpoints;

/// <summary>Where a machine with a join token is taken in, by the node that holds the CA. The token is the proof; there is no certificate yet.</summary>
internal static class JoinEndpoints
{
    /// <summary>Where a machine is taken in.</summary>
    public const string Path = "/warp/v1/join";

    /// <summary>Where it finds the CA that its token names.</summary>
    public const string AuthorityPath = Path + "/authority";

    private const string Tag = "Certificates";

    public static void Map(IEndpointRouteBuilder routes, DataFolder data, TimeProvider time)
    {
        routes.MapGet(AuthorityPath, () =>
        {
            RequireAuthority(data);
            using var authority = ClusterAuthority.Load(data, time);
            return TypedResults.Json(new SignedDocument(authority.CertificatePem), ManagementJson.Default.SignedDocument);
        })
            .Requires(AccessLevel.Token)
            .Describe("getJoinAuthority", Tag, "The certificate of the CA that a join token names. Needs no certificate.")
            .Produces<SignedDocument>()
            .Refuses(StatusCodes.Status409Conflict);
        routes.MapPost(Path, async (HttpContext context) =>
        {
            RequireAuthority(data);
            var wish = await RequestBody.ReadAsync(context, ManagementJson.Default.JoinRequestDocument, static wish => wish.Request is { Length: > 0 }, "a token, a name, an address, ports and a signing request (PKCS #10, PEM) are expected");
            return TypedResults.Json(await JoinAsync(context, wish, data, time), ManagementJson.Default.JoinedDocument);
        })
            .RequiresForChange(AccessLevel.Token)
            .Describe("joinCluster", Tag, "Take a new runner into the cluster, by a join token and without a certificate.", "Its key stays where it is: nothing but the public key is taken from the request.")
            .Reads<JoinRequestDocument>("""
                { "token": "5f0c1e7a", "secret": "...", "name": "r2", "address": "192.0.2.12", "ports": { "cluster": 4053, "tunnel": 4054, "management": 8558 }, "request": "-----BEGIN CERTIFICATE REQUEST-----\n..." }
                """)
            .Produces<JoinedDocument>()
            .Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status403Forbidden, StatusCodes.Status409Conflict, StatusCodes.Status413PayloadTooLarge);
    }

    private static async Task<JoinedDocument> JoinAsync(HttpContext context, JoinRequestDocument wish, DataFolder data, TimeProvider time)
    {
        var request = new TokenJoinRequest(wish.Token, wish.Secret, wish.Name, wish.Address, wish.Ports, wish.Request);
        try
        {
            var bundle = await Task.Run(() => TokenJoin.Admit(data, request, time), context.RequestAborted) ?? throw new ProblemException(Problem.Forbidden(
                "token-refused", "The join token is refused", "it was used up, taken back, has expired, or is not one of this cluster; 'warp token create' on the node that holds the CA makes another"));
            context.Features.Set(CallerProof.Of(new Caller($"join token {wish.Token}", Role: null, bundle.Node.Runner)));
            return new JoinedDocument(bundle.Node.ToJson(), bundle.CertificatePem, bundle.AuthoritiesPem, bundle.ClusterKey);
        }
        catch (OperatorException failure)
        {
            throw new ProblemException(failure.ExitCode == ExitCode.Usage ? Problem.InvalidRequest("request", failure.Message) : Problem.Conflict(failure.Message));
        }
    }

    private static void RequireAuthority(DataFolder data)
    {
        if (!ClusterAuthority.IsIn(data))
        {
            throw new ProblemException(Problem.Conflict("this node does not hold the cluster's CA, so it takes nobody in; ask the node where 'warp init' was run"));
        }
    }
}
