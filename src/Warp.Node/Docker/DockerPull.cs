using Docker.DotNet;
using Warp.Cluster.Containers;

namespace Warp.Node.Docker;

/// <summary>Pulls an image from its registry. The engine waits for ever for a registry that has fallen silent; this does not.</summary>
/// <param name="engine">The engine.</param>
/// <param name="logins">For registries that want one.</param>
internal sealed class DockerPull(DockerEngine engine, IRegistryLogins logins)
{
    /// <summary>Pulls.</summary>
    /// <returns>With a failure, or without when the engine says that the image is there.</returns>
    public async Task<PullOutcome> RunAsync(string image, IProgress<string> lines, CancellationToken cancellationToken)
    {
        var reference = ImageReference.Parse(image);
        var login = logins.Find(reference.Registry);
        var progress = new PullProgress(image, lines, TimeProvider.System);
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            stall.CancelAfter(engine.Options.PullStall);
            await FollowAsync(reference, login.Login, progress, stall);
            return progress.Error is { } error ? Failed(error) : new PullOutcome(null);
        }
        catch (DockerApiException refused)
        {
            return Failed(DockerFailure.MessageOf(refused));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new PullOutcome(ImageFailure.Stalled(image, reference.Registry, engine.Options.PullStall));
        }

        PullOutcome Failed(string message) => new(ImageFailure.FromPull(image, reference.Registry, message, login));
    }

    private async Task FollowAsync(ImageReference reference, RegistryLogin? login, PullProgress progress, CancellationTokenSource stall)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, $"images/create?fromImage={Uri.EscapeDataString(reference.Repository)}&tag={Uri.EscapeDataString(reference.TagOrDigest)}");
        if (login is not null)
        {
            request.Headers.Add("X-Registry-Auth", EngineLogins.Of(login));
        }

        using var answer = await engine.Streams.SendAsync(request, stall.Token);
        await foreach (var message in EngineMessage.ReadAsync(answer.Content, stall.Token))
        {
            stall.CancelAfter(engine.Options.PullStall);
            progress.Report(message);
        }
    }
}

/// <summary>What came of a pull.</summary>
/// <param name="Failure">Null when the engine says that it succeeded.</param>
internal sealed record PullOutcome(RuntimeFailure? Failure);
