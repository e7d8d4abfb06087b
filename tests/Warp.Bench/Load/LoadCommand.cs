using System.Globalization;

namespace Warp.Bench.Load;

/// <summary>The load client and server as processes of their own, which the bench starts in its two network namespaces.</summary>
internal static class LoadCommand
{
    private const string Help = """
        warp-bench load server PORT
        warp-bench load rtt     ADDR PORT CONNECTIONS BYTES SECONDS
        """;

    internal static int Run(string[] arguments)
    {
        switch (arguments)
        {
            case ["server", var port]:
                return LoadServer.Run(Number(port));
            case ["rtt", var address, var port, var connections, var size, var seconds]:
                using (var load = new RoundTripLoad(Number(size)))
                {
                    LoadRun.Print(load.Run(LoadRun.Target(address, port), Number(connections), Real(seconds)));
                }

                return 0;
            default:
                Console.Error.WriteLine(Help);
                return 2;
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static double Real(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
