using System.Diagnostics;
using Shouldly;
using Warp.Lab;
using Warp.Lab.Machines;
using Xunit;

namespace Warp.EndToEnd.Tests.Labs;

/// <summary>A lab leaves nothing behind, however it ends.</summary>
public sealed class LabTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("warp-lab-test-").FullName;

    [Fact]
    public async Task A_lab_whose_process_was_killed_leaves_no_process_and_cleaning_removes_the_rest()
    {
        using var lab = StartLab();
        await Poll.UntilAsync("the lab is up", TimeSpan.FromSeconds(90), async () => await lab.StandardOutput.ReadLineAsync() is { } line && line.StartsWith("ready", StringComparison.Ordinal));
        var folder = Directory.GetDirectories(_root).ShouldHaveSingleItem();
        (await ProcessesAsync(folder)).ShouldNotBeEmpty();

        lab.Kill();
        await lab.WaitForExitAsync();

        await Poll.UntilAsync("its processes end with it", TimeSpan.FromSeconds(10), async () => (await ProcessesAsync(folder)).Count == 0);
        await using (await WarpLab.StartAsync(new LabOptions { Root = _root, Runners = 0 }))
        {
            Directory.Exists(folder).ShouldBeFalse("the next lab removes what a dead one left");
        }

        Directory.GetDirectories(_root).ShouldBeEmpty();
        (await File.ReadAllTextAsync("/proc/mounts")).ShouldNotContain(_root);
        Directory.GetDirectories("/sys/fs/cgroup", Path.GetFileName(folder), SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_machine_ends_although_a_program_in_it_stood_still_for_a_while()
    {
        ProcessIdentity init;
        await using (var machine = await Machine.StartAsync("m1", Path.Combine(_root, "m1")))
        {
            init = machine.Init;
            using var program = await machine.StartAsync(Path.Combine(_root, "m1", "log"), "sleep", "600");
            await program.FreezeAsync();
            await program.ThawAsync();
        }

        init.IsAlive.ShouldBeFalse();
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private Process StartLab() => Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "warp-lab.dll"), "up", "1", "--engines-only"])
    {
        UseShellExecute = false,
        RedirectStandardOutput = true,
        Environment = { ["WARP_LAB_ROOT"] = _root },
    })!;

    // Engines, and machines' first processes, name the lab's folder on their command lines.
    private static async Task<IReadOnlyList<string>> ProcessesAsync(string folder)
    {
        var found = new List<string>();
        foreach (var process in Directory.GetDirectories("/proc").Where(path => Path.GetFileName(path).All(char.IsAsciiDigit)))
        {
            try
            {
                var commandLine = await File.ReadAllTextAsync(Path.Combine(process, "cmdline"));
                if (commandLine.Contains(folder, StringComparison.Ordinal))
                {
                    found.Add(commandLine);
                }
            }
            catch (IOException)
            {
                // It ended while being looked at.
            }
        }

        return found;
    }
}
