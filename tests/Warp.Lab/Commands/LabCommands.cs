using System.Globalization;
using Warp.Lab.Cleaning;
using Warp.Lab.Figures;

namespace Warp.Lab.Commands;

/// <summary>The command line of <c>warp-lab</c>.</summary>
internal static class LabCommands
{
    private const string Usage = """
        warp-lab up [N] [--engines-only]   a lab of N runners (2 when not given), until Ctrl-C
        warp-lab demo [--once]             examples/shop on a lab of two runners; --once ends after the check
        warp-lab figures                   measures times and memory on a lab of two runners
        warp-lab traffic [ROUNDS [SECONDS]]  container to container, through WARP_IST and plain, in turn (5 rounds; 3 s each load)
        warp-lab connects [ROUNDS [SECONDS]]  connections a second with and without dialling first, in turn (5 rounds; 3 s each load)
        warp-lab exec MACHINE COMMAND...   runs a command on a machine (r1, r2, ..., outsider, switch) of the running lab
        warp-lab clean                     removes what dead labs left
        """;

    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            switch (args)
            {
                case ["up", .. var rest]:
                    return await UpAsync(rest);
                case ["demo", .. var rest]:
                    return await DemoCommand.RunAsync(once: rest is ["--once"]);
                case ["figures"]:
                    return await FigureRun.RunAsync();
                case ["traffic", .. var rest]:
                    return await TrafficRun.RunAsync(Number(rest, 0, otherwise: 5), Number(rest, 1, otherwise: 3));
                case ["connects", .. var rest]:
                    return await ConnectRun.RunAsync(Number(rest, 0, otherwise: 5), Number(rest, 1, otherwise: 3));
                case ["exec", var machine, _, ..]:
                    return await ExecCommand.RunAsync(machine, args[2..]);
                case ["clean"]:
                    var removed = await LabCleaner.CleanAsync(LabOptions.DefaultRoot);
                    Console.WriteLine(removed.Count == 0 ? "nothing to clean" : $"removed {string.Join(", ", removed)}");
                    return 0;
                default:
                    await Console.Error.WriteLineAsync(Usage);
                    return 2;
            }
        }
        catch (LabException e)
        {
            await Console.Error.WriteLineAsync($"warp-lab: {e.Message}");
            return 1;
        }
    }

    private static int Number(string[] args, int at, int otherwise) =>
        args.Length > at && int.TryParse(args[at], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : otherwise;

    private static async Task<int> UpAsync(string[] args)
    {
        var runners = args is [var first, ..] && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 2;
        using var stop = new StopSignal();
        var options = new LabOptions { Runners = runners, StartNodes = !args.Contains("--engines-only", StringComparer.Ordinal), Progress = Console.WriteLine };
        await using var lab = await WarpLab.StartAsync(options);
        Console.WriteLine($"ready; logs in {lab.LogFolder}; Ctrl-C ends and removes it");
        await stop.WaitAsync();
        return 0;
    }
}
