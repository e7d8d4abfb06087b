using System.Globalization;
using Warp.Node.Images.Builds;

namespace Warp.Node.Cli.Deploying;

/// <summary>Builds as lines, for a log: one for the context, one for each step, one for the image.</summary>
internal sealed class BuildLines(CommandOutput output) : IBuildProgress
{
    public Task ShowAsync(Func<Task> work) => work();

    public void Begin(string service, long bytes, int files) =>
        output.Line(string.Create(CultureInfo.InvariantCulture, $"{service}: sending {files} files, {bytes / 1e6:0.0} MB"));

    public void Sent(string service, long bytes)
    {
    }

    public void Step(string service, BuildStep step) => output.Line(string.Create(CultureInfo.InvariantCulture, $"{service}: step {step.Number} of {step.Of}: {step.Command}"));

    public void Line(string service, string text)
    {
    }

    public void Done(string service, BuildDone image) => output.Line($"{service}: built {image.Image} on {image.Runner}");
}
