using System.Globalization;

namespace Warp.Bench.Load;

/// <summary>The load client and server as processes of their own, which the bench starts in its two network namespaces.</summary>
internal static class LoadCommand
{
    private const string Help = """
        warp-bench load server  PORT
        warp-bench load rtt     ADDR PORT CONNECTIONS BYTES SECONDS
        warp-bench load up      ADDR PORT STREAMS SECONDS
        warp-bench load down    ADDR PORT STREAMS SECONDS [MB/S]    read no faster than that
        warp-bench load connect ADDR PORT AT-ONCE BYTES SECONDS
        warp-bench load idle    ADDR PORT CONNECTIONS
        warp-bench load check   ADDR PORT MARKER                    data intact, half-close
        warp-bench load await   ADDR PORT                           until the server answers
          A client begins when a line is typed and prints its results as JSON.
        """;

    internal static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is ["server", var listen])
        {
            return LoadServer.Run([Number(listen)], () => { });
        }

        if (arguments is not [var verb, var address, var port, .. var rest] || await ResultsAsync(verb, address, port, rest) is not { } results)
        {
            await Console.Error.WriteLineAsync(Help);
            return 2;
        }

        LoadRun.Print(results);
        return 0;
    }

    private static async Task<Dictionary<string, double>?> ResultsAsync(string verb, string address, string port, string[] rest)
    {
        var target = LoadRun.Target(address, port);
        switch (verb, rest)
        {
            case ("rtt", [var connections, var size, var seconds]):
                using (var load = new RoundTripLoad(Number(size)))
                {
                    return load.Run(target, Number(connections), Real(seconds), LoadRun.AwaitStart);
                }

            case ("up", [var streams, var seconds]):
                using (var load = new BulkLoad())
                {
                    return load.Up(target, Number(streams), Real(seconds));
                }

            case ("down", [var streams, var seconds, .. var pace]):
                using (var load = new BulkLoad())
                {
                    return load.Down(target, Number(streams), Real(seconds), pace is [var megabytes] ? Real(megabytes) : 0);
                }

            case ("connect", [var atOnce, var size, var seconds]):
                using (var load = new ConnectLoad(target, Number(size)))
                {
                    LoadRun.AwaitStart();
                    return load.Run(Number(atOnce), Real(seconds));
                }

            case ("idle", [var connections]):
                using (var load = new IdleLoad(target))
                {
                    return await load.RunAsync(Number(connections), LoadRun.AwaitStart);
                }

            case ("check", [var marker]):
                return await CarryCheck.RunAsync(target, marker);
            case ("await", []):
                return await CarryCheck.AwaitAsync(target);
            default:
                return null;
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static double Real(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
