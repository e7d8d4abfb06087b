namespace Warp.Node.Images.Builds;

/// <summary>What happens while an image is built, in order; the last one is <see cref="BuildDone"/> or <see cref="BuildFailed"/>.</summary>
public abstract record BuildEvent;

/// <summary>The engine begins a step of the Dockerfile.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Of">How many there are.</param>
/// <param name="Command">The instruction, such as <c>RUN make</c>.</param>
public sealed record BuildStep(int Number, int Of, string Command) : BuildEvent;

/// <summary>A line of output: of the step's command, or about a base image that is pulled.</summary>
/// <param name="Text">Without its end of line.</param>
public sealed record BuildLine(string Text) : BuildEvent;

/// <summary>The image is there.</summary>
/// <param name="Image">The reference to deploy: <c>warp.build/DEPLOYMENT/SERVICE:ID</c>.</param>
/// <param name="Id">The engine's image id, <c>sha256:</c> and 64 hex digits.</param>
/// <param name="Runner">Where it was built.</param>
public sealed record BuildDone(string Image, string Id, string Runner) : BuildEvent;

/// <summary>There is no image.</summary>
/// <param name="Error">Cause and next step, for a person.</param>
/// <param name="Step">The step that failed; null when none had begun.</param>
/// <param name="Output">The step's last lines, at most <see cref="MaxOutput"/>; empty when it said nothing, never null.</param>
public sealed record BuildFailed(string Error, BuildStep? Step, IReadOnlyList<string> Output) : BuildEvent
{
    /// <summary>How many lines are kept for a failure.</summary>
    public const int MaxOutput = 20;
}
