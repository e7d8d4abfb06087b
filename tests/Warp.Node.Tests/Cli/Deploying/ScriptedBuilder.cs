using System.Formats.Tar;
using Warp.Node.Images.Builds;

namespace Warp.Node.Tests.Cli.Deploying;

/// <summary>An engine that builds nothing: it reads the context and tells what the test wants.</summary>
internal sealed class ScriptedBuilder : IImageBuilder
{
    /// <summary>What was asked, with the names in the context.</summary>
    public List<(BuildRequest Request, IReadOnlyList<string> Files)> Asked { get; } = [];

    /// <summary>What happens in a build.</summary>
    public Func<BuildRequest, BuildEvent[]> Answer { get; set; } = request =>
    [
        new BuildStep(1, 2, "FROM scratch"), new BuildLine("pulling"), new BuildStep(2, 2, "COPY . /"),
        new BuildDone($"warp.build/{request.Deployment}/{request.Service.Value.Replace(' ', '-')}:0123456789ab", "sha256:0123456789ab", "r1"),
    ];

    public async Task BuildAsync(BuildRequest request, Stream context, Func<BuildEvent, Task> tell, CancellationToken cancellationToken)
    {
        var files = new List<string>();
        await using (var reader = new TarReader(context, leaveOpen: true))
        {
            while (await reader.GetNextEntryAsync(cancellationToken: cancellationToken) is { } entry)
            {
                files.Add(entry.Name);
            }
        }

        Asked.Add((request, files));
        foreach (var happened in Answer(request))
        {
            await tell(happened);
        }
    }
}
