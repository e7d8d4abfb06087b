using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using Warp.Cluster.Protocol;
using Warp.Node.Security;

namespace Warp.Node.Images.Transfer;

/// <summary>The images of one other runner, over its management API: mutual TLS, and the other end proves that it is that runner.</summary>
internal sealed class ImagePeer : IDisposable
{
    /// <summary>The path under which a node tells what an image is.</summary>
    public const string ImagePath = "/warp/v1/images";

    /// <summary>The path under which a node gives an image.</summary>
    public const string ArchivePath = "/warp/v1/images/archive";

    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(15);
    private readonly Peer _peer;
    private readonly HttpClient _http;
    private string? _refusal;

    /// <param name="peer">The runner.</param>
    /// <param name="credentials">What this node proves itself with.</param>
    public ImagePeer(Peer peer, NodeCredentials credentials)
    {
        _peer = peer;
        _http = new HttpClient(PeerConnection.Handler(credentials, peer.Runner, reason => _refusal = reason))
        {
            BaseAddress = new UriBuilder("https", peer.Management.Host, peer.Management.Port).Uri,
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>The runner's name.</summary>
    public string Name => _peer.Runner.Value;

    /// <summary>Asks whether it has exactly that image.</summary>
    /// <returns>Null when it has not.</returns>
    /// <exception cref="IOException">It does not answer; the message is half a sentence with its name.</exception>
    public async Task<ImageContent?> FindAsync(string reference, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(AnswerPatience);
        try
        {
            using var answer = await _http.GetAsync($"{ImagePath}?reference={Uri.EscapeDataString(reference)}", limit.Token);
            return answer.StatusCode == HttpStatusCode.NotFound
                ? null
                : await Ensure(answer).Content.ReadFromJsonAsync(ImageContentJson.Default.ImageContent, limit.Token);
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw Silent(failure);
        }
    }

    /// <summary>Asks for the image; the answer's body is the archive.</summary>
    /// <exception cref="IOException">It does not answer or refuses.</exception>
    public async Task<HttpResponseMessage> OpenAsync(string reference, ImageContent content, int present, CancellationToken cancellationToken)
    {
        var query = string.Create(CultureInfo.InvariantCulture, $"?reference={Uri.EscapeDataString(reference)}&id={Uri.EscapeDataString(content.Id)}&present={present}");
        try
        {
            return Ensure(await _http.GetAsync(ArchivePath + query, HttpCompletionOption.ResponseHeadersRead, cancellationToken));
        }
        catch (HttpRequestException failure)
        {
            throw Silent(failure);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static HttpResponseMessage Ensure(HttpResponseMessage answer)
    {
        if (!answer.IsSuccessStatusCode)
        {
            using (answer)
            {
                throw new HttpRequestException($"it answers with status {(int)answer.StatusCode}", null, answer.StatusCode);
            }
        }

        return answer;
    }

    private IOException Silent(Exception failure) =>
        new($"{Name} at {_peer.Management} {(failure is OperationCanceledException ? "does not answer in time" : $"cannot be asked ({_refusal ?? failure.Message})")}", failure);
}

/// <summary>The form in which nodes tell each other what an image is.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ImageContent))]
internal sealed partial class ImageContentJson : JsonSerializerContext;
