using System.Globalization;
using Warp.Lab.Machines;

namespace Warp.Lab.Engines;

/// <summary>A runner's own Docker Engine: its containerd and its dockerd, with the images and containers in the runner's folder.</summary>
public sealed class ContainerEngine : IDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(60);
    private readonly Machine _machine;
    private readonly string _logFolder;
    private readonly string _controlGroup;
    private MachineProcess? _containerd;
    private MachineProcess? _dockerd;

    /// <summary>An engine that is not started yet.</summary>
    /// <param name="machine">Where it will run.</param>
    /// <param name="logFolder">For <c>containerd.log</c> and <c>dockerd.log</c>.</param>
    /// <param name="controlGroup">The group of its containers, relative to a hierarchy's root, so that nothing of it hides among other engines' groups.</param>
    internal ContainerEngine(Machine machine, string logFolder, string controlGroup) =>
        (_machine, _logFolder, _controlGroup) = (machine, logFolder, controlGroup);

    /// <summary>Its socket as the host sees it; inside the machine it is <c>/run/docker.sock</c> as everywhere.</summary>
    public string Socket => Path.Combine(_machine.RunFolder, "docker.sock");

    /// <summary>Starts it and waits until it answers.</summary>
    public async Task StartAsync()
    {
        await WriteContainerdConfigurationAsync();
        await WriteDaemonConfigurationAsync(liveRestore: false);
        if (_containerd is not { IsRunning: true })
        {
            _containerd = await _machine.StartAsync(Log("containerd"), "containerd", "--config", Config("containerd.toml"));
        }

        await Poll.UntilAsync(
            $"containerd on {_machine.Name}", StartTime, () => Task.FromResult(File.Exists(Path.Combine(_machine.RunFolder, "containerd/containerd.sock"))));
        await StartDaemonAsync();
    }

    /// <summary>Stops dockerd as its service manager would (SIGTERM, which stops the containers), leaves it stopped.</summary>
    public Task StopDaemonAsync() => Daemon.TerminateAsync(TimeSpan.FromSeconds(60));

    /// <summary>Ends dockerd with SIGKILL, leaves it ended.</summary>
    public Task KillDaemonAsync() => Daemon.KillAsync();

    /// <summary>Lets dockerd hang: it takes connections and answers nothing.</summary>
    public Task FreezeDaemonAsync() => Daemon.FreezeAsync();

    /// <summary>Lets it go on.</summary>
    public Task ThawDaemonAsync() => Daemon.ThawAsync();

    /// <summary>Starts dockerd after it was stopped or killed, and waits until it answers.</summary>
    public async Task StartDaemonAsync()
    {
        _dockerd?.Dispose();

        // A killed dockerd leaves its pid file, and in a small PID namespace the number soon belongs to somebody else.
        File.Delete(Path.Combine(_machine.RunFolder, "docker.pid"));
        _dockerd = await _machine.StartAsync(Log("dockerd"), "dockerd", "--config-file", Config("daemon.json"));
        await Poll.UntilAsync($"dockerd on {_machine.Name} (log: {Log("dockerd")})", StartTime, AnswersAsync);
    }

    /// <summary>Whether dockerd leaves its containers running when it stops (Docker: "live restore"); off at first, and to be off again after a test.</summary>
    public async Task SetLiveRestoreAsync(bool isOn)
    {
        await WriteDaemonConfigurationAsync(isOn);
        (await Tool.RunAsync(["kill", "-s", "HUP", Daemon.Identity.Pid.ToString(CultureInfo.InvariantCulture)])).Ensure();
        await Poll.UntilAsync($"dockerd on {_machine.Name} has read its configuration", StartTime, async () =>
            string.Equals((await DockerAsync(["info", "--format", "{{.LiveRestoreEnabled}}"])).Output.Trim(), isOn ? "true" : "false", StringComparison.Ordinal));
    }

    /// <summary>Runs the docker command line against this engine.</summary>
    /// <param name="arguments">Without the word <c>docker</c>.</param>
    /// <param name="timeout">Two minutes when not given.</param>
    public Task<ToolResult> DockerAsync(IReadOnlyList<string> arguments, TimeSpan? timeout = null) =>
        Tool.RunAsync(["docker", "--host", $"unix://{Socket}", .. arguments], timeout);

    /// <summary>Takes an image archive (<c>docker save</c>'s format) in.</summary>
    public async Task LoadAsync(string archive) => (await DockerAsync(["load", "--quiet", "--input", archive], TimeSpan.FromMinutes(5))).Ensure();

    /// <inheritdoc/>
    public void Dispose()
    {
        _dockerd?.Dispose();
        _containerd?.Dispose();
    }

    private MachineProcess Daemon => _dockerd ?? throw new LabException($"the engine of {_machine.Name} was never started");

    private async Task<bool> AnswersAsync() => _dockerd is { IsRunning: true }
        ? (await DockerAsync(["version"], TimeSpan.FromSeconds(10))).ExitCode == 0
        : throw new LabException("it ended");

    private string Log(string name) => Path.Combine(_logFolder, $"{_machine.Name}-{name}.log");

    private string Config(string name) => Path.Combine(_machine.Folder, name);

    private Task WriteContainerdConfigurationAsync() => File.WriteAllTextAsync(
        Config("containerd.toml"),
        $"""
        version = 2
        root = "{_machine.Folder}/containerd"
        state = "/run/containerd"
        disabled_plugins = ["io.containerd.grpc.v1.cri"]
        [grpc]
          address = "/run/containerd/containerd.sock"
        [plugins."io.containerd.internal.v1.opt"]
          path = "{_machine.Folder}/opt"
        """);

    private Task WriteDaemonConfigurationAsync(bool liveRestore) => File.WriteAllTextAsync(
        Config("daemon.json"),
        $$"""
        {
          "data-root": "{{_machine.Folder}}/docker",
          "containerd": "/run/containerd/containerd.sock",
          "cgroup-parent": "/{{_controlGroup}}",
          "exec-opts": ["native.cgroupdriver=cgroupfs"],
          "live-restore": {{(liveRestore ? "true" : "false")}}
        }
        """);
}
