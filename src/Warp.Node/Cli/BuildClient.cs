using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Warp.Node.Configuration;
using Warp.Node.Http.Documents;
using Warp.Node.Images.Builds;
using Warp.Node.Images.Context;

namespace Warp.Node.Cli;

/// <summary>What is to be built where.</summary>
/// <param name="Runner">The runner; null lets the node choose: the one that has the service, else the least loaded.</param>
/// <param name="Deployment">Whose image it is.</param>
/// <param name="Service">The service's plain name.</param>
internal sealed record BuildOrder(string? Runner, string Deployment, string Service)
{
    /// <summary>The path of the request.</summary>
    /// <param name="context">From what: a node refuses one that is too large before anything of it is sent.</param>
    public string Path(BuildContext context) => string.Create(
        CultureInfo.InvariantCulture,
        $"warp/v1/runners/{Uri.EscapeDataString(Runner ?? "-")}/builds?deployment={Uri.EscapeDataString(Deployment)}&service={Uri.EscapeDataString(Service)}&dockerfile={Uri.EscapeDataString(context.Dockerfile)}&bytes={context.TotalBytes}");
}

/// <summary>Has images built by the cluster.</summary>
/// <param name="node">The node that passes the context on.</param>
internal sealed class BuildClient(NodeClient node)
{
    /// <summary>Sends the context and tells what happens; ending the enumeration ends the build.</summary>
    /// <param name="order">What is to be built.</param>
    /// <param name="context">From what.</param>
    /// <param name="uploaded">Receives how many bytes of <see cref="BuildContext.TotalBytes"/> have left, while the context is sent; nothing comes out of the enumeration meanwhile.</param>
    /// <param name="cancellationToken">Ends the build.</param>
    /// <returns>The last one is <see cref="BuildDone"/> or <see cref="BuildFailed"/>.</returns>
    /// <exception cref="OperatorException">A file of the context cannot be read, the node refuses, or the connection broke off.</exception>
    public async IAsyncEnumerable<BuildEvent> BuildAsync(
        BuildOrder order, BuildContext context, IProgress<long>? uploaded, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, order.Path(context)) { Content = new ContextContent(context, uploaded) };
        request.Headers.ExpectContinue = true;
        using var answer = await node.SendStreamAsync(request, cancellationToken);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellationToken));
        BuildEvent? last = null;
        while (await ReadLineAsync(lines, cancellationToken) is { } line)
        {
            if (Parse(line) is { } happened)
            {
                yield return last = happened;
            }
        }

        if (last is not (BuildDone or BuildFailed))
        {
            throw Broken(null);
        }
    }

    private static BuildEvent? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, ManagementJson.Default.BuildEventDocument)?.ToEvent();
        }
        catch (JsonException cut)
        {
            throw Broken(cut);
        }
    }

    private static async Task<string?> ReadLineAsync(StreamReader lines, CancellationToken cancellationToken)
    {
        try
        {
            return await lines.ReadLineAsync(cancellationToken);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            throw Broken(broken);
        }
    }

    private static OperatorException Broken(Exception? cause) =>
        new(ExitCode.Failed, "The build broke off: the node that built, or the way to it, went away. Deploy again; steps that were done are not repeated.", cause ?? new IOException("the answer ended early"));

    /// <summary>The context as a request's body, of a length that is not known before.</summary>
    private sealed class ContextContent : HttpContent
    {
        private readonly BuildContext _context;
        private readonly IProgress<long>? _uploaded;

        public ContextContent(BuildContext context, IProgress<long>? uploaded)
        {
            (_context, _uploaded) = (context, uploaded);
            Headers.ContentType = new("application/x-tar");
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
            _context.WriteToAsync(stream, _uploaded, cancellationToken);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
