using System.Diagnostics;
using System.Globalization;
using Warp.Node.Configuration;
using Warp.Node.Security;

namespace Warp.Bench.Scale.Control;

/// <summary>A cluster on the loopback interface: one control node in a process of its own, and runners, several to a process. The first data folder is made by init, the others by join.</summary>
internal sealed class SimulatedCluster : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("warp-scale-");
    private readonly List<HelperProcess> _runners = [];

    internal SimulatedCluster()
    {
        ClusterInitializer.Initialize(new InitRequest(Folder, "scale", "control", "127.0.0.1", Ports()), TimeProvider.System);
        Control = StartControl();
    }

    /// <summary>The control node.</summary>
    internal HelperProcess Control { get; private set; }

    /// <summary>How many runners there are, without the control node.</summary>
    internal int Runners { get; private set; }

    /// <summary>The processes of the runners.</summary>
    internal IReadOnlyList<HelperProcess> RunnerProcesses => _runners;

    /// <summary>The control node's data folder.</summary>
    internal DataFolder Folder => new(Path.Combine(_root.FullName, "control"));

    /// <summary>Processor time of all runners so far, in microseconds.</summary>
    internal long RunnerCpu => _runners.Sum(process => process.Ask("cpu"));

    /// <summary>Starts more runners in one more process, and waits until all nodes see all others.</summary>
    /// <returns>How long that took once their actor systems had started.</returns>
    internal TimeSpan AddRunners(int count)
    {
        var folders = Enumerable.Range(Runners, count).Select(Join).ToList();
        _runners.Add(HelperProcess.Start(["simulate", "--folders", string.Join(',', folders)]));
        Runners += count;
        var clock = Stopwatch.StartNew();
        foreach (var process in _runners.Append(Control))
        {
            process.Ask($"members {Runners + 1}");
        }

        return clock.Elapsed;
    }

    /// <summary>Kills the control node and starts it again.</summary>
    internal void RestartControl()
    {
        Control.Kill();
        Control = StartControl();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _runners.ForEach(process => process.Dispose());
        Control.Dispose();
        _root.Delete(recursive: true);
    }

    private static NodePorts Ports() => new(FreePort.Next(), FreePort.Next(), FreePort.Next());

    private HelperProcess StartControl() => HelperProcess.Start(["control", "--folder", Folder.Root]);

    private string Join(int number)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"r{number}");
        var bundle = RunnerBundles.Add(
            new AddRunnerRequest(Folder, name, "127.0.0.1", Control: false, Ports(), Path.Combine(_root.FullName, $"{name}.bundle")), TimeProvider.System);
        var data = new DataFolder(Path.Combine(_root.FullName, name));
        NodeJoiner.Join(new JoinRequest(data, bundle));
        return data.Root;
    }
}
