using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Warp.Node.Images.Builds;

namespace Warp.Node.Http.Documents;

/// <summary>One line of a build's answer; which fields are there tells what it is.</summary>
/// <param name="Step">With <paramref name="Steps"/> and <paramref name="Command"/>: a step begins, or, with <paramref name="Error"/>, the step that failed. From 1.</param>
/// <param name="Steps">How many steps there are.</param>
/// <param name="Command">The step's instruction.</param>
/// <param name="Line">A line of output.</param>
/// <param name="Image">Last line of a build that succeeded: the reference to deploy.</param>
/// <param name="Id">The engine's image id.</param>
/// <param name="Runner">Where the image is.</param>
/// <param name="Error">Last line of a build that failed: cause and next step, for a person.</param>
/// <param name="Output">The failed step's last lines.</param>
internal sealed record BuildEventDocument(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Step = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Steps = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Command = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Line = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Image = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Id = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Runner = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Error = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ImmutableArray<string>? Output = null)
{
    public static BuildEventDocument From(BuildEvent happened) => happened switch
    {
        BuildStep step => new(step.Number, step.Of, step.Command),
        BuildLine line => new(Line: line.Text),
        BuildDone done => new(Image: done.Image, Id: done.Id, Runner: done.Runner),
        BuildFailed failed => new(failed.Step?.Number, failed.Step?.Of, failed.Step?.Command, Error: failed.Error, Output: [.. failed.Output]),
        _ => throw new ArgumentOutOfRangeException(nameof(happened)),
    };

    /// <summary>What it stands for; null when a newer node wrote something that this version does not know.</summary>
    public BuildEvent? ToEvent() => this switch
    {
        { Error: { } error } => new BuildFailed(error, StepBegun(), Output ?? []),
        { Image: { } image, Id: { } id } => new BuildDone(image, id, Runner ?? ""),
        { Line: { } line } => new BuildLine(line),
        _ => StepBegun(),
    };

    private BuildStep? StepBegun() => this is { Step: { } number, Steps: { } steps, Command: { } command } ? new BuildStep(number, steps, command) : null;
}
