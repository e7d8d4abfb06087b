using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Warp.Node.Http;

/// <summary>Joins a caller's upgraded connection to the one on which another runner accepted the same upgrade (RFC 9110, 7.8).</summary>
internal static class UpgradeTunnel
{
    private const int BufferBytes = 16 * 1024;
    private static readonly string[] s_asked = ["Upgrade", "Connection", "Sec-WebSocket-Key", "Sec-WebSocket-Version", "Sec-WebSocket-Protocol"];
    private static readonly string[] s_answered = ["Upgrade", "Connection", "Sec-WebSocket-Accept", "Sec-WebSocket-Protocol"];

    /// <summary>Asks the other runner for the upgrade that the caller asked for, if it did.</summary>
    public static void Ask(HttpContext context, HttpRequestMessage request)
    {
        if (context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true })
        {
            foreach (var name in s_asked.Where(context.Request.Headers.ContainsKey))
            {
                _ = request.Headers.TryAddWithoutValidation(name, context.Request.Headers[name].ToArray());
            }
        }
    }

    /// <summary>Whether the other side accepted an upgrade that the caller asked for.</summary>
    public static bool IsAccepted(HttpContext context, HttpResponseMessage answer) =>
        answer.StatusCode == HttpStatusCode.SwitchingProtocols && context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true };

    /// <summary>Passes bytes both ways until one side has ended; WebSockets say goodbye within.</summary>
    public static async Task RunAsync(HttpContext context, HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        foreach (var name in s_answered)
        {
            if (answer.Headers.TryGetValues(name, out var values))
            {
                context.Response.Headers[name] = values.ToArray();
            }
        }

        await using var caller = await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
        await using var other = await answer.Content.ReadAsStreamAsync(cancellationToken);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var to = CopyAsync(caller, other, over.Token);
        var from = CopyAsync(other, caller, over.Token);
        await Task.WhenAny(to, from);
        await over.CancelAsync();
        await to.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await from.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async Task CopyAsync(Stream from, Stream to, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferBytes];
        while (await from.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            await to.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            await to.FlushAsync(cancellationToken);
        }
    }
}
