namespace Warp.Node.Interception;

/// <summary>The kernel or the host did not do what the data plane needs. The message is for a person: cause and next step.</summary>
internal sealed class InterceptionException : Exception
{
    public InterceptionException(string message)
        : base(message)
    {
    }

    public InterceptionException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
