using System.Diagnostics.CodeAnalysis;
using System.Net;
using Warp.Node.Relay.Dialing;

namespace Warp.Node.Ingress.Backends;

/// <summary>
/// The connections to one service as long as the same instances serve it. When others serve, the pool is retired: a new one takes the next request, idle connections close at once so that
/// they do not hold up the old instance's end, and requests under way finish on theirs.
/// </summary>
internal sealed class BackendPool : IDisposable
{
    // Servers close idle connections too, many after 5 s, and a request that meets its connection closing is lost.
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(4);

    private readonly CancellationTokenSource _retired = new();
    private readonly IServiceDialer _dialer;
    private readonly PublicTarget _target;

    public BackendPool(PublicEndpoint endpoint, IServiceDialer dialer)
    {
        (Endpoint, _dialer, _target) = (endpoint, dialer, endpoint.Target);
        Client = new HttpMessageInvoker(new EagerBodies(Handler()));
        Retired = _retired.Token;
    }

    /// <summary>What it leads to.</summary>
    public PublicEndpoint Endpoint { get; }

    /// <summary>Sends requests over the pool's connections; throws <see cref="ObjectDisposedException"/> once retired.</summary>
    public HttpMessageInvoker Client { get; }

    /// <summary>Cancelled when other instances serve.</summary>
    public CancellationToken Retired { get; }

    /// <summary>Retires it: no new request, and no connection that nobody uses.</summary>
    public void Dispose()
    {
        _retired.Cancel();
        _retired.Dispose();
        Client.Dispose();
    }

    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The invoker owns its handlers and is disposed with the pool.")]
    private SocketsHttpHandler Handler() => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,

        // Tracing headers are the client's and the service's.
        ActivityHeadersPropagator = null,
        PooledConnectionIdleTimeout = IdleTime,
        ConnectCallback = (_, cancellationToken) => new ValueTask<Stream>(ConnectAsync(cancellationToken)),
    };

    /// <summary>The dialer holds the attempt while no instance can take it; when others serve meanwhile, the request goes to them.</summary>
    private async Task<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Retired);
        try
        {
            return await _dialer.ConnectAsync(_target, either.Token);
        }
        catch (OperationCanceledException cancelled) when (Retired.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"other instances serve {Endpoint} now", cancelled);
        }
    }
}
