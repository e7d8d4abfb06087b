using System.Net;

namespace Warp.Node.Ingress.Backends;

/// <summary>Sends each piece of a request's body at once: the HTTP client would otherwise collect small ones, and a service that answers each of them would never see the first.</summary>
internal sealed class EagerBodies(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is { } content)
        {
            request.Content = new EagerContent(content);
        }

        return base.SendAsync(request, cancellationToken);
    }

    private sealed class EagerContent : HttpContent
    {
        private readonly HttpContent _content;

        public EagerContent(HttpContent content)
        {
            _content = content;
            foreach (var (name, values) in content.Headers.NonValidated)
            {
                Headers.TryAddWithoutValidation(name, values);
            }
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
            _content.CopyToAsync(new EagerStream(stream), context, cancellationToken);

        // The length, if there is one, is among the headers.
        protected override bool TryComputeLength(out long length)
        {
            length = -1;
            return false;
        }
    }

    /// <summary>Flushes after each write; all that a body's copying asks of a stream.</summary>
    private sealed class EagerStream(Stream inner) : UnseekableStream
    {
        public override bool CanWrite => true;

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await inner.WriteAsync(buffer, cancellationToken);
            await inner.FlushAsync(cancellationToken);
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);
    }
}
