using System.Collections.Immutable;
using System.Globalization;
using Warp.Node.Cli.Configuration;
using Warp.Node.Configuration;
using Warp.Node.Images.Builds;
using Warp.Node.Images.Context;

namespace Warp.Node.Cli.Deploying;

/// <summary>Has the images of a deployment built, one after the other, before anything of it is deployed.</summary>
/// <param name="client">Sends the contexts.</param>
/// <param name="progress">Shows how far they are.</param>
internal sealed class ImageBuilds(BuildClient client, IBuildProgress progress)
{
    /// <summary>Builds them all.</summary>
    /// <returns>The references to deploy, by the service's name; empty when there is nothing to build.</returns>
    /// <exception cref="OperatorException">A context cannot be read or a build failed; the message shows the failing step.</exception>
    public async Task<IReadOnlyDictionary<string, string>> RunAsync(DeployInput input, CancellationToken cancellationToken)
    {
        var images = new Dictionary<string, string>(StringComparer.Ordinal);
        await progress.ShowAsync(async () =>
        {
            foreach (var service in input.Builds)
            {
                images[service.Name] = await BuildAsync(input.Name, service, service.Build!, cancellationToken);
            }
        });
        return images;
    }

    private async Task<string> BuildAsync(string deployment, ServiceConfig service, BuildConfig build, CancellationToken cancellationToken)
    {
        var context = BuildContext.Open(build.Context, build.Dockerfile, Asking(build.Include, build.Context), Asking(build.Exclude, build.Context));
        progress.Begin(service.Name, context.TotalBytes, context.FileCount);
        var order = new BuildOrder(service.Entry["runner"]?.GetValue<string>(), deployment, service.Name);
        await foreach (var happened in client.BuildAsync(order, context, new Uploaded(progress, service.Name), cancellationToken))
        {
            switch (happened)
            {
                case BuildStep step:
                    progress.Step(service.Name, step);
                    break;
                case BuildLine line:
                    progress.Line(service.Name, line.Text);
                    break;
                case BuildFailed failed:
                    throw new OperatorException(ExitCode.Failed, Words(service.Name, failed));
                case BuildDone done:
                    progress.Done(service.Name, done);
                    return done.Image;
                default:
                    throw new InvalidOperationException($"a build tells of {happened}");
            }
        }

        throw new OperatorException(ExitCode.Failed, $"{service.Name}: the build ended without a result. Deploy again.");
    }

    private static Func<string, bool>? Asking(IPathRule? rule, string folder) => rule is null ? null : path => rule.Matches(path, Path.Combine(folder, path));

    private static string Words(string service, BuildFailed failed)
    {
        var step = failed.Step is { } at ? string.Create(CultureInfo.InvariantCulture, $" at step {at.Number} of {at.Of}, {at.Command}") : "";
        return $"{service}: the build failed{step}: {failed.Error}{string.Concat(failed.Output.ToImmutableArray().Select(line => $"\n  | {line}"))}\nNothing was deployed.";
    }

    /// <summary>Reports at once, in the order of the calls, as <see cref="Progress{T}"/> does not.</summary>
    private sealed class Uploaded(IBuildProgress progress, string service) : IProgress<long>
    {
        public void Report(long value) => progress.Sent(service, value);
    }
}
