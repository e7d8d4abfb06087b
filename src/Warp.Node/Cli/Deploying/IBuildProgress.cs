using Warp.Node.Images.Builds;

namespace Warp.Node.Cli.Deploying;

/// <summary>Shows how far builds are. The calls for one service come in order.</summary>
internal interface IBuildProgress
{
    /// <summary>Runs the work and shows what it reports meanwhile.</summary>
    Task ShowAsync(Func<Task> work);

    /// <summary>The context of a service is about to be sent.</summary>
    void Begin(string service, long bytes, int files);

    /// <summary>So many of its bytes have left.</summary>
    void Sent(string service, long bytes);

    /// <summary>A step of its Dockerfile begins.</summary>
    void Step(string service, BuildStep step);

    /// <summary>The step printed a line.</summary>
    void Line(string service, string text);

    /// <summary>Its image is there.</summary>
    void Done(string service, BuildDone image);
}

/// <summary>Shows nothing: for programs that read one document at the end.</summary>
internal sealed class NoBuildProgress : IBuildProgress
{
    public Task ShowAsync(Func<Task> work) => work();

    public void Begin(string service, long bytes, int files)
    {
    }

    public void Sent(string service, long bytes)
    {
    }

    public void Step(string service, BuildStep step)
    {
    }

    public void Line(string service, string text)
    {
    }

    public void Done(string service, BuildDone image)
    {
    }
}
