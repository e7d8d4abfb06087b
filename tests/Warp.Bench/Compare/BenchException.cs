namespace Warp.Bench.Compare;

/// <summary>Something of the bench did not work; the message says what, for the table or for the person who runs it.</summary>
public sealed class BenchException : Exception
{
    public BenchException()
    {
    }

    public BenchException(string message)
        : base(message)
    {
    }

    public BenchException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
