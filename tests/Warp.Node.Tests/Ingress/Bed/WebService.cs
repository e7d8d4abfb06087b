using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Warp.Node.Tests.Ingress.Bed;

/// <summary>What a user's container would be: an HTTP/1.1 server that tells what came to it.</summary>
internal sealed class WebService : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _connections;
    private long _bytesReceived;

    private WebService(string name)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(IPAddress.Loopback, 0, listener =>
            {
                listener.Protocols = HttpProtocols.Http1;
                listener.Use(next => async connection =>
                {
                    Interlocked.Increment(ref _connections);
                    await next(connection);
                    Interlocked.Decrement(ref _connections);
                });
            });
        });
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        _app = builder.Build();
        _app.UseWebSockets();
        _app.Run(context => AnswerAsync(name, context));
    }

    public int Port { get; private set; }

    /// <summary>Open connections.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Of bodies sent to <c>/pieces</c>.</summary>
    public long BytesReceived => Volatile.Read(ref _bytesReceived);

    /// <summary>Holds the answer to <c>/slow</c> until it is set.</summary>
    public TaskCompletionSource Slow { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static async Task<WebService> StartAsync(string name = "one")
    {
        var service = new WebService(name);
        await service._app.StartAsync();
        service.Port = new Uri(service._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
        return service;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task AnswerAsync(string name, HttpContext context) => context.Request.Path.Value switch
    {
        "/pieces" => PiecesAsync(context),
        "/digest" => DigestAsync(context),
        "/bytes" => BytesAsync(context),
        "/events" => EventsAsync(context),
        "/socket" => SocketAsync(context),
        "/slow" => SlowAsync(name, context),
        "/headers" => context.Response.WriteAsync(string.Concat(context.Request.Headers.SelectMany(header => header.Value.Select(value => $"{header.Key}: {value}\n")))),
        "/hop" => HopAsync(context),
        _ => context.Response.WriteAsync($"{name} {context.Request.Method} {context.Features.Get<IHttpRequestFeature>()!.RawTarget} {context.Request.Protocol}"),
    };

    private async Task PiecesAsync(HttpContext context)
    {
        var buffer = new byte[16 * 1024];
        for (int read; (read = await context.Request.Body.ReadAsync(buffer)) > 0;)
        {
            Interlocked.Add(ref _bytesReceived, read);
        }

        await context.Response.WriteAsync(BytesReceived.ToString(CultureInfo.InvariantCulture));
    }

    private static async Task DigestAsync(HttpContext context) => await context.Response.WriteAsync(Convert.ToHexString(await SHA256.HashDataAsync(context.Request.Body)));

    private static async Task BytesAsync(HttpContext context)
    {
        var chunk = new byte[64 * 1024];
        for (var left = long.Parse(context.Request.Query["count"]!, CultureInfo.InvariantCulture); left > 0; left -= chunk.Length)
        {
            await context.Response.Body.WriteAsync(chunk.AsMemory(0, (int)Math.Min(left, chunk.Length)));
        }
    }

    private async Task EventsAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        await context.Response.WriteAsync("data: first\n\n");
        await context.Response.Body.FlushAsync();
        await Slow.Task;
        await context.Response.WriteAsync("data: second\n\n");
    }

    private static async Task HopAsync(HttpContext context)
    {
        context.Response.Headers.Connection = "X-Of-This-Hop";
        context.Response.Headers["X-Of-This-Hop"] = "1";
        context.Response.Headers["X-End-To-End"] = "1";
        await context.Response.WriteAsync("hop");
    }

    private static async Task SocketAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[1024];
        while (await socket.ReceiveAsync(buffer, CancellationToken.None) is { MessageType: not WebSocketMessageType.Close } message)
        {
            await socket.SendAsync(buffer.AsMemory(0, message.Count), message.MessageType, message.EndOfMessage, CancellationToken.None);
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", CancellationToken.None);
    }

    private async Task SlowAsync(string name, HttpContext context)
    {
        await Slow.Task.WaitAsync(context.RequestAborted);
        await context.Response.WriteAsync(name);
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
