using System.Net;
using System.Text.Json;

namespace Warp.Bench.Load;

/// <summary>
/// What client and bench say to each other: the client says <c>ready</c> when its connections are open, begins at the next line of its input,
/// and answers with one line of JSON: a name and a number for each thing that it measured.
/// </summary>
internal static class LoadRun
{
    internal const string ReadyWord = "ready";

    /// <summary>Tells that the clock may start and waits for it.</summary>
    internal static void AwaitStart()
    {
        Console.Out.WriteLine(ReadyWord);
        Console.Out.Flush();
        _ = Console.In.ReadLine();
    }

    /// <summary>Prints the results.</summary>
    internal static void Print(Dictionary<string, double> results) => Console.Out.WriteLine(JsonSerializer.Serialize(results));

    /// <summary>Reads what a client printed.</summary>
    internal static Dictionary<string, double> Read(string line) => JsonSerializer.Deserialize<Dictionary<string, double>>(line)!;

    internal static IPEndPoint Target(string address, string port) => IPEndPoint.Parse($"{address}:{port}");
}
