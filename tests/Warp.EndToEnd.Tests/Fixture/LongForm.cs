using System.Globalization;

namespace Warp.EndToEnd.Tests.Fixture;

/// <summary>What <c>soak.sh</c> asks of a test whose short form <c>test.sh</c> runs.</summary>
internal static class LongForm
{
    /// <summary>The number that a variable of the environment holds; null when it is not set: then the short form is run.</summary>
    /// <exception cref="FormatException">It is no number.</exception>
    internal static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
