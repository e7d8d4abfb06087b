using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Warp.TestPeer;

/// <summary>Asks the same thing of an HTTP server again and again, at a steady pace until the process ends, and says what came back.</summary>
internal sealed class ConstantLoad(HttpClient client, Uri url, int perSecond)
{
    private const int Workers = 4;

    // A program that asks while a node is upgraded may have to send its first packet five times, the last time after 31 s.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan SayEvery = TimeSpan.FromMilliseconds(500);
    private readonly Lock _gate = new();
    private LoadCounts _counts = LoadCounts.None;

    /// <summary>Each request on a connection of its own, as a program inside a deployment makes them.</summary>
    public static ConstantLoad Plain(string host, string port, string perSecond)
    {
        var handler = new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero };
        return Over(handler, new UriBuilder("http", host, Number(port)).Uri, HttpVersion.Version11, perSecond);
    }

    /// <summary>Over kept connections to the ingress of one node, whatever name the URL has there.</summary>
    /// <param name="url">The public URL.</param>
    /// <param name="ingress">The node's address.</param>
    /// <param name="authority">File with the certificate of the authority that the server's one is from.</param>
    /// <param name="version">Such as <c>1.1</c> or <c>2.0</c>.</param>
    /// <param name="perSecond">Requests in a second.</param>
    public static ConstantLoad Public(string url, string ingress, string authority, string version, string perSecond)
    {
        var target = new Uri(url);
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(IPAddress.Parse(ingress), target.Port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };

        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            CustomTrustStore = { X509CertificateLoader.LoadCertificateFromFile(authority) },
        };
        return Over(handler, target, Version.Parse(version), perSecond);
    }

    /// <summary>Goes on until the process ends.</summary>
    public Task RunAsync() => Task.WhenAll([SayAsync(), .. Enumerable.Range(0, Workers).Select(_ => WorkAsync())]);

    private static ConstantLoad Over(SocketsHttpHandler handler, Uri url, Version version, string perSecond) => new(
        new HttpClient(handler) { DefaultRequestVersion = version, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact, Timeout = Patience }, url, Number(perSecond));

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private async Task WorkAsync()
    {
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds((double)Workers / perSecond));
        while (await pace.WaitForNextTickAsync())
        {
            var clock = Stopwatch.StartNew();
            try
            {
                using var answer = await client.GetAsync(url);
                var text = (await answer.Content.ReadAsStringAsync()).Trim();
                Count(counts => answer.StatusCode == HttpStatusCode.OK
                    ? counts.With(text, clock.ElapsedMilliseconds)
                    : counts.WithFailure($"{(int)answer.StatusCode} {text}", clock.ElapsedMilliseconds));
            }
            catch (Exception failure) when (failure is HttpRequestException or IOException or OperationCanceledException)
            {
                Count(counts => counts.WithFailure($"{DateTimeOffset.UtcNow:O} {failure.Message} {failure.InnerException?.Message}", clock.ElapsedMilliseconds));
            }
        }
    }

    private void Count(Func<LoadCounts, LoadCounts> change)
    {
        lock (_gate)
        {
            _counts = change(_counts);
        }
    }

    private async Task SayAsync()
    {
        using var pace = new PeriodicTimer(SayEvery);
        while (await pace.WaitForNextTickAsync())
        {
            await Console.Out.WriteLineAsync(_counts.ToJson());
        }
    }
}
