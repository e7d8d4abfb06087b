namespace Warp.Node.Cli;

/// <summary>One change that somebody asked for on the command line. It keeps its id however often it has to be sent.</summary>
/// <param name="RequestId">Tells the cluster that a repetition is no second wish.</param>
/// <param name="Time">How long it may be sent again.</param>
/// <param name="Notice">Told, in words for a person, why it is sent again; the first time only.</param>
/// <param name="Revision">The revision that it was made for, 0 for none; it is refused when there is another one by then. Null: whatever is there.</param>
internal sealed record Wish(string RequestId, WaitTime Time, Action<string> Notice, long? Revision = null)
{
    public static Wish New(WaitTime time, CommandOutput output) => new(Guid.NewGuid().ToString("N"), time, output.Fail);

    /// <summary>The part of a command line that is several changes; the number makes its id its own.</summary>
    public Wish Part(int number) => this with { RequestId = $"{RequestId}-{number}" };
}
