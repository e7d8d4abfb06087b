using System.Collections.Immutable;
using System.Net;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Warp.Cluster.Protocol;
using Warp.Cluster.Runners;
using Warp.Node.Configuration;
using Warp.Node.Ingress.Certificates;
using Warp.Node.Ingress.Listening;
using Warp.Node.Ingress.Proxying;
using Yarp.ReverseProxy.Forwarder;

namespace Warp.Node.Ingress;

/// <summary>
/// The public URLs of all services, on this node: HTTPS on one port, the way there on another. It knows public services only and asks the dialer for nothing else.
/// It outlives actor systems; what it cannot do now (a port is taken) it tries again and tells as a problem.
/// </summary>
internal sealed class IngressServer : IPublicRouteHolder, IAsyncDisposable
{
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);

    private readonly PublicRouteTable _routes;
    private readonly CertificateKeeper _certificates;
    private readonly HeldPort _https;
    private readonly HeldPort? _http;
    private readonly IngressOptions _options;

    /// <summary>Makes it; nothing listens yet.</summary>
    public IngressServer(IngressOptions options, PublicUrls urls, PublicRouteTable routes, CertificateKeeper certificates, ILoggerFactory loggers)
    {
        (_options, _routes, _certificates) = (options, routes, certificates);
        var log = loggers.CreateLogger("Warp.Ingress");
        var httpsEndpoint = new IPEndPoint(options.BindAddress, options.HttpsPort);
        _https = new HeldPort(
            httpsEndpoint,
            SettingKeys.IngressHttpsPort,
            () => IngressListener.OpenAsync(httpsEndpoint, Secure, services => new IngressProxy(routes, services.GetRequiredService<IHttpForwarder>(), log).InvokeAsync),
            options.RetryEvery,
            log);
        if (options.HttpPort is { } port)
        {
            var httpEndpoint = new IPEndPoint(options.BindAddress, port);
            _http = new HeldPort(
                httpEndpoint,
                SettingKeys.IngressHttpPort,
                () => IngressListener.OpenAsync(httpEndpoint, Plain, _ => new HttpsRedirect(routes, urls).InvokeAsync),
                options.RetryEvery,
                log);
        }
    }

    /// <summary>The HTTPS port that is open; null while none is.</summary>
    public int? HttpsPort => _https.Port;

    /// <summary>The HTTP port that is open; null while none is.</summary>
    public int? HttpPort => _http?.Port;

    /// <inheritdoc/>
    public ImmutableArray<string> Problems => [.. new[] { _https.Problem, _http?.Problem }.OfType<string>(), .. _certificates.Problems, .. _routes.Problems];

    /// <summary>Opens the listeners, now or as soon as their ports are free.</summary>
    public async Task StartAsync()
    {
        _certificates.Start();
        await _https.StartAsync();
        await (_http?.StartAsync() ?? Task.CompletedTask);
    }

    /// <inheritdoc/>
    public void Publish(ImmutableArray<PublicRoutes> routes) => _routes.Publish(routes);

    /// <summary>Takes no new requests; those under way have a moment to finish.</summary>
    public async ValueTask DisposeAsync()
    {
        using (var patience = new CancellationTokenSource(_options.StopPatience))
        {
            await Task.WhenAll(_https.StopAsync(patience.Token), _http?.StopAsync(patience.Token) ?? Task.CompletedTask);
        }

        await _https.DisposeAsync();
        await (_http?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _certificates.DisposeAsync();
        _routes.Publish([]);
    }

    private void Secure(ListenOptions listener)
    {
        listener.Protocols = HttpProtocols.Http1AndHttp2;
        listener.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = hello => new(_certificates.Select(hello.ClientHelloInfo.ServerName)), HandshakeTimeout = HandshakeTimeout });
    }

    private static void Plain(ListenOptions listener) => listener.Protocols = HttpProtocols.Http1;
}
