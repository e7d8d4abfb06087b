using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Warp.Node.Http;

namespace Warp.Node.Ingress.Listening;

/// <summary>One open port of the ingress: a Kestrel of its own.</summary>
internal sealed class IngressListener : IAsyncDisposable
{
    private readonly WebApplication _app;

    private IngressListener(WebApplication app, int port) => (_app, Port) = (app, port);

    /// <summary>The port it listens on, also when the kernel chose it.</summary>
    public int Port { get; }

    /// <summary>Opens the port.</summary>
    /// <param name="endpoint">Where.</param>
    /// <param name="configure">What the listener speaks.</param>
    /// <param name="handler">Makes what answers requests.</param>
    /// <exception cref="IOException">The port is taken, or may not be opened.</exception>
    /// <exception cref="SocketException">Likewise.</exception>
    public static async Task<IngressListener> OpenAsync(IPEndPoint endpoint, Action<ListenOptions> configure, Func<IServiceProvider, RequestDelegate> handler)
    {
        // Nothing is read from the surroundings: no appsettings.json, no ASPNETCORE_ variables, no console.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            ListenerLimits.Set(kestrel);
            kestrel.Listen(endpoint, listener =>
            {
                listener.Use(new AddressShares(ListenerLimits.MaxConnections).Bound);
                configure(listener);
            });
        });
        builder.WebHost.UseSockets(sockets => sockets.CreateBoundListenSocket = ListenSocket.Open);
        builder.Services.AddHttpForwarder();

        // What a request did is told by the handlers, at debug level; here it would be told for each.
        builder.Services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        builder.Services.AddSingleton<IHostLifetime, OwnedLifetime>();
        var app = builder.Build();
        app.Run(handler(app.Services));
        try
        {
            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return new IngressListener(app, BindingAddress.Parse(address).Port);
    }

    /// <summary>Takes no new requests and lets those under way finish until the token is cancelled.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => _app.StopAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>The node process has its own signal handling; a listener starts and stops only by its methods.</summary>
    private sealed class OwnedLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
