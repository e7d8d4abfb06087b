using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.OpenApi;
using Warp.Node.Http.Access;
using Warp.Node.Http.OpenApi;
using Warp.Node.Images.Transfer;

namespace Warp.Node.Http.Endpoints;

/// <summary>The images of this runner, for other runners that lack them.</summary>
internal static class ImageEndpoints
{
    private const string Tag = "Images";

    public static void Map(IEndpointRouteBuilder routes, IImageArchives? archives)
    {
        routes.MapGet(ImagePeer.ImagePath, async (HttpContext context, CancellationToken cancellationToken) =>
            TypedResults.Json(await FindAsync(archives, Reference(context), cancellationToken), ImageContentJson.Default.ImageContent))
            .Requires(AccessLevel.Nodes)
            .Describe("findImage", Tag, "What an image of this runner consists of, for a runner that lacks it.")
            .Takes("reference", ParameterLocation.Query, Described.Text(), "The image's reference or id.", required: true)
            .Produces<ImageContent>()
            .Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status503ServiceUnavailable);
        routes.MapGet(ImagePeer.ArchivePath, async (HttpContext context, CancellationToken cancellationToken) =>
        {
            var reference = Reference(context);
            var content = await FindAsync(archives, reference, cancellationToken);
            if (context.Request.Query["id"].ToString() is { Length: > 0 } id && !string.Equals(id, content.Id, StringComparison.Ordinal))
            {
                throw new ProblemException(Problem.Conflict($"'{reference}' is {content.Id} here, not {id}"));
            }

            context.Response.ContentType = "application/x-tar";
            await context.Response.StartAsync(cancellationToken);
            await WriteAsync(archives!, reference, content, Present(context, content), context);
        })
            .Requires(AccessLevel.Nodes)
            .Describe("readImage", Tag, "An image of this runner as the engine loads it, without the layers that the other runner has.")
            .Takes("reference", ParameterLocation.Query, Described.Text(), "The image's reference or id.", required: true)
            .Takes("id", ParameterLocation.Query, Described.Text(), "The image's id; refused with 409 when it is another one by now.")
            .Takes("present", ParameterLocation.Query, Described.Count(), "How many of the lowest layers are left out.")
            .Produces<string>(StatusCodes.Status200OK, "application/x-tar")
            .Refuses(StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict, StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<ImageContent> FindAsync(IImageArchives? archives, string reference, CancellationToken cancellationToken)
    {
        try
        {
            return (archives is null ? null : await archives.FindAsync(reference, cancellationToken)) ?? throw new ProblemException(Problem.NotFound($"this runner has no image '{reference}'"));
        }
        catch (IOException lost)
        {
            throw new ProblemException(Problem.EngineUnavailable(lost.Message));
        }
    }

    // The head is on its way: whoever reads must see that the archive is not whole.
    private static async Task WriteAsync(IImageArchives archives, string reference, ImageContent content, int present, HttpContext context)
    {
        try
        {
            await archives.WriteAsync(reference, content, present, context.Response.Body, context.RequestAborted);
        }
        catch (IOException)
        {
            context.Abort();
        }
    }

    private static string Reference(HttpContext context) =>
        context.Request.Query["reference"].ToString() is { Length: > 0 } reference ? reference : throw new ProblemException(Problem.InvalidRequest("reference", "name an image or its id"));

    private static int Present(HttpContext context, ImageContent content) => context.Request.Query["present"].ToString() switch
    {
        "" => 0,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var layers) && layers <= content.Layers.Length => layers,
        var other => throw new ProblemException(Problem.InvalidRequest("present", $"'{other}' is not a number of layers from 0 to {content.Layers.Length}")),
    };
}
