using Docker.DotNet;
using Docker.DotNet.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Warp.Cluster.Identity;
using Warp.Node.Docker;

namespace Warp.Node.Images.Builds;

/// <summary>Builds with the engine's own builder (API <c>POST /build</c>, version 1), which every engine has; a step that did not change comes from its cache.</summary>
/// <param name="engine">The engine.</param>
/// <param name="logins">For base images from registries that want a login.</param>
/// <param name="runner">This runner.</param>
/// <param name="log">Where builds are noted.</param>
internal sealed class ImageBuilder(DockerEngine engine, IRegistryLogins logins, RunnerId runner, ILogger log) : IImageBuilder
{
    private readonly DockerImagesSweep _sweep = new(engine);

    /// <inheritdoc/>
    public async Task BuildAsync(BuildRequest request, Stream context, Func<BuildEvent, Task> tell, CancellationToken cancellationToken)
    {
        if (BuiltImageName.Repository(request.Deployment, request.Service, out var unnamed) is not { } repository)
        {
            await tell(new BuildFailed(unnamed!, null, []));
            return;
        }

        var output = new BuildOutput();
        BuildEvent end;
        try
        {
            await RunAsync(request, context, output, tell, cancellationToken);
            end = output.Failure() ?? await NameAsync(repository, output, cancellationToken);
        }
        catch (Exception failure) when (DockerFailure.IsExpected(failure) && !cancellationToken.IsCancellationRequested)
        {
            end = output.Failed(Reason(failure));
        }

        log.LogInformation("Build of {Deployment}/{Service}: {End}", request.Deployment, request.Service, end is BuildDone done ? done.Image : "failed");
        await tell(end);
        if (end is BuildDone { Image: var image })
        {
            await _sweep.TrimAsync(image, cancellationToken);
        }
    }

    private async Task RunAsync(BuildRequest request, Stream context, BuildOutput output, Func<BuildEvent, Task> tell, CancellationToken cancellationToken)
    {
        using var post = new HttpRequestMessage(HttpMethod.Post, $"build?version=1&rm=1&forcerm=1&dockerfile={Uri.EscapeDataString(request.Dockerfile)}")
        {
            Content = new StreamContent(context),
        };
        post.Content.Headers.ContentType = new("application/x-tar");
        post.Headers.Add("X-Registry-Config", EngineLogins.All(logins));
        using var answer = await engine.Streams.SendAsync(post, cancellationToken);
        var pulled = new LineQueue();
        var pull = new PullProgress("the base image", pulled, TimeProvider.System);
        await foreach (var message in EngineMessage.ReadAsync(answer.Content, cancellationToken))
        {
            if (message.Status is not null)
            {
                pull.Report(message);
            }

            foreach (var happened in pulled.Take().Concat(output.Take(message)))
            {
                await tell(happened);
            }
        }

        foreach (var happened in output.End())
        {
            await tell(happened);
        }
    }

    private async Task<BuildEvent> NameAsync(string repository, BuildOutput output, CancellationToken cancellationToken)
    {
        if (output.ImageId is not { } id)
        {
            return output.Failed("the engine ended the build without an image and without a reason; see its log (journalctl -u docker), and try again");
        }

        var tag = BuiltImageName.Tag(id);
        await engine.Client.Images.TagImageAsync(id, new ImageTagParameters { RepositoryName = repository, Tag = tag, Force = true }, cancellationToken);
        return new BuildDone($"{repository}:{tag}", id, runner.Value);
    }

    private string Reason(Exception failure) => failure switch
    {
        DockerApiException refused => $"the container engine refuses the build: {DockerFailure.MessageOf(refused)}",
        { InnerException: BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } } =>
            "the build context is larger than this runner takes (warp.docker.build-context-limit). Leave out what the build does not need in .dockerignore, or raise the limit",
        _ => DockerFailure.From(failure, "build the image", engine.Options.Endpoint).Message,
    };

    private sealed class LineQueue : IProgress<string>
    {
        private readonly Queue<string> _lines = new();

        public void Report(string value) => _lines.Enqueue(value);

        public IEnumerable<BuildEvent> Take()
        {
            while (_lines.TryDequeue(out var line))
            {
                yield return new BuildLine(line);
            }
        }
    }
}
