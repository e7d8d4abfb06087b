using Microsoft.Extensions.Logging;
using Warp.Node.Docker;
using Warp.Node.Security;

namespace Warp.Node.Images.Transfer;

/// <summary>Gets images from other runners: asks all of them at once, and takes it from the first that has it and can give it.</summary>
/// <param name="engine">This runner's engine.</param>
/// <param name="peers">The other runners.</param>
/// <param name="credentials">What this node proves itself with.</param>
/// <param name="log">Where transfers are noted.</param>
internal sealed class PeerImages(DockerEngine engine, KnownPeers peers, ICredentialSource credentials, ILogger log) : IImageSource, IDisposable
{
    private readonly ImageReceiver _receiver = new(engine);

    // Several instances of a service may want the same image at once: the second finds it here.
    private readonly SemaphoreSlim _turn = new(1);

    /// <inheritdoc/>
    public async Task<string?> FetchAsync(string image, IProgress<string> progress, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await _receiver.IsHereAsync(image, cancellationToken) ? null : await SearchAsync(image, progress, cancellationToken);
        }
        catch (Exception failure) when (DockerFailure.IsExpected(failure) && !cancellationToken.IsCancellationRequested)
        {
            return DockerFailure.From(failure, $"load the image '{image}'", engine.Options.Endpoint).Message;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task<string?> SearchAsync(string image, IProgress<string> progress, CancellationToken cancellationToken)
    {
        var current = credentials.Current;
        var others = peers.Others.Select(peer => new ImagePeer(peer, current)).ToList();
        var problems = new List<string>();
        var without = new List<string>();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var asked = others.Select(peer => AskAsync(peer, image, enough.Token)).ToList();
        try
        {
            await foreach (var done in Task.WhenEach(asked).WithCancellation(cancellationToken))
            {
                var (peer, content, problem) = await done;
                if (problem is null && content is not null)
                {
                    problem = await TakeAsync(peer, image, content, progress, cancellationToken);
                    if (problem is null)
                    {
                        return null;
                    }
                }

                (problem is null ? without : problems).Add(problem ?? peer.Name);
            }
        }
        finally
        {
            await enough.CancelAsync();
            await ((Task)Task.WhenAll(asked)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            others.ForEach(peer => peer.Dispose());
        }

        return Say(without, problems);
    }

    private static string Say(List<string> without, List<string> problems)
    {
        var have = without.Count == 0 ? null : $"{string.Join(", ", without.Order(StringComparer.Ordinal))} {(without.Count == 1 ? "does" : "do")} not have it";
        var all = problems.Order(StringComparer.Ordinal).Prepend(have).OfType<string>().ToList();
        return all.Count == 0 ? "no other runner is known" : string.Join("; ", all);
    }

    private static async Task<(ImagePeer Peer, ImageContent? Content, string? Problem)> AskAsync(ImagePeer peer, string image, CancellationToken cancellationToken)
    {
        try
        {
            return (peer, await peer.FindAsync(image, cancellationToken), null);
        }
        catch (IOException silent)
        {
            return (peer, null, silent.Message);
        }
    }

    // An image that was removed here since its layers were counted leaves a gap; then all of them are asked for.
    private async Task<string?> TakeAsync(ImagePeer peer, string image, ImageContent content, IProgress<string> progress, CancellationToken cancellationToken)
    {
        var present = await _receiver.PresentAsync(content, cancellationToken);
        var problem = await TryAsync(present);
        return problem is not null && present > 0 ? await TryAsync(0) : problem;

        async Task<string?> TryAsync(int withoutLayers)
        {
            try
            {
                using var answer = await peer.OpenAsync(image, content, withoutLayers, cancellationToken);
                var taken = await _receiver.LoadAsync(peer.Name, image, content, answer.Content, progress, cancellationToken);
                if (taken.Problem is null)
                {
                    log.LogInformation("Image {Image} came from {Peer}: {Bytes} bytes, {Present} of {Layers} layers were here", image, peer.Name, taken.Bytes, withoutLayers, content.Layers.Length);
                }

                return taken.Problem;
            }
            catch (IOException failure)
            {
                return failure.Message;
            }
        }
    }
}
