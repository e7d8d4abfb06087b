using System.Diagnostics;
using System.Globalization;
using Warp.Lab.Cleaning;
using Warp.Lab.Machines;

namespace Warp.Lab.Commands;

/// <summary>Runs a command inside a machine of a lab that another process holds, with this terminal.</summary>
internal static class ExecCommand
{
    public static async Task<int> RunAsync(string machine, string[] command)
    {
        var (folder, init) = Find(machine);
        string[] line =
        [
            "--target", init.Pid.ToString(CultureInfo.InvariantCulture), "--mount", "--net", "--pid", "--uts",
            "env", $"WARP_DATA={Path.Combine(folder, machine, "warp")}", .. Expand(command),
        ];
        using var process = Process.Start(new ProcessStartInfo("nsenter", line))!;

        // Ctrl-C belongs to the command inside.
        using var ignore = new StopSignal();
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    private static (string Folder, ProcessIdentity Init) Find(string machine)
    {
        var alive = LabRecord.All(LabOptions.DefaultRoot).Where(lab => lab.Record.Owner.IsAlive).ToList();
        return alive switch
        {
            [] => throw new LabException("no lab runs; start one with ./demo.sh or 'warp-lab up'"),
            [var (folder, record)] => record.Machines.TryGetValue(machine, out var init)
                ? (folder, init)
                : throw new LabException($"the lab {record.Id} has no machine '{machine}', only {string.Join(", ", record.Machines.Keys)}"),
            _ => throw new LabException($"{alive.Count} labs run ({string.Join(", ", alive.Select(lab => lab.Record.Id))}); set WARP_LAB_ROOT to tell them apart"),
        };
    }

    // "warp" is the program that this build made, not one that happens to be installed.
    private static string[] Expand(string[] command) =>
        command is ["warp", .. var arguments] ? ["dotnet", new LabOptions().WarpAssembly, .. arguments] : command;
}
