using Warp.Lab.Machines;

namespace Warp.Lab.Nodes;

/// <summary>A runner's node process, and the warp command line beside it.</summary>
public sealed class WarpNode : IDisposable
{
    private static readonly TimeSpan ReadyTime = TimeSpan.FromSeconds(60);
    private readonly Machine _machine;
    private readonly string _address;
    private readonly LabOptions _options;
    private readonly string _logFile;
    private MachineProcess? _process;

    /// <summary>A node that is neither set up nor started.</summary>
    internal WarpNode(Machine machine, string address, LabOptions options, string logFile) =>
        (_machine, _address, _options, _logFile, Assembly) = (machine, address, options, logFile, options.WarpAssembly);

    /// <summary>Its data folder.</summary>
    public string DataFolder => Path.Combine(_machine.Folder, "warp");

    /// <summary>The administrator's socket as the host sees it.</summary>
    public string Socket => Path.Combine(DataFolder, "warp.sock");

    /// <summary>The program's assembly; another one takes effect with the next start.</summary>
    public string Assembly { get; set; }

    /// <summary>Its log, of all its lives.</summary>
    public string LogFile => _logFile;

    /// <summary>The process; null before the first start.</summary>
    public MachineProcess? Process => _process;

    /// <summary>Runs the warp command line on the machine.</summary>
    /// <param name="arguments">Without the word <c>warp</c>.</param>
    public Task<ToolResult> WarpAsync(params IReadOnlyList<string> arguments) => WarpAsync(TimeSpan.FromMinutes(5), arguments);

    /// <summary>The same for a command that may take longer.</summary>
    /// <param name="limit">How long.</param>
    /// <param name="arguments">Without the word <c>warp</c>.</param>
    public Task<ToolResult> WarpAsync(TimeSpan limit, params IReadOnlyList<string> arguments) => _machine.RunAsync([.. Program, .. arguments], limit);

    /// <summary>The words that begin the warp command line in this machine; the variable spares every command its <c>--data</c>.</summary>
    public IReadOnlyList<string> Program =>
        ["env", $"WARP_DATA={DataFolder}", $"WARP__INGRESS__BASE_DOMAIN={_options.BaseDomain}", .. _options.Settings, "dotnet", Assembly];

    /// <summary>Starts the process; it may not be ready yet.</summary>
    /// <param name="environment">Further variables, such as <c>WARP__LOG_LEVEL=debug</c>.</param>
    public async Task StartAsync(params IReadOnlyList<string> environment)
    {
        _process?.Dispose();
        _process = await _machine.StartAsync(_logFile, ["env", .. environment, .. Program, "run"]);
    }

    /// <summary>Waits until it says that it is ready.</summary>
    public Task WaitReadyAsync() => Poll.UntilAsync($"the node on {_machine.Name} is ready (log: {_logFile})", ReadyTime, IsReadyAsync);

    /// <summary>Stops it as its service manager would (SIGTERM).</summary>
    /// <returns>Its exit code.</returns>
    public Task<int> StopAsync() => Running.TerminateAsync(TimeSpan.FromSeconds(60));

    /// <summary>Ends it with SIGKILL.</summary>
    public Task KillAsync() => Running.KillAsync();

    /// <summary>Its whole log so far.</summary>
    public Task<string> ReadLogAsync() => File.ReadAllTextAsync(_logFile);

    /// <inheritdoc/>
    public void Dispose() => _process?.Dispose();

    private MachineProcess Running => _process ?? throw new LabException($"the node on {_machine.Name} was never started");

    private async Task<bool> IsReadyAsync()
    {
        if (!Running.IsRunning)
        {
            throw new LabException($"it ended with {Running.ExitCode}");
        }

        using var api = new WarpApi(Socket);
        return await api.IsReadyAsync();
    }
}
