using System.Globalization;
using System.Text.Json;
using Warp.Lab.Deployments;

namespace Warp.Lab.Figures;

/// <summary>A container's place on the network: the bench's load program runs in its network namespace, so that no image has to be made of it.</summary>
/// <param name="Runner">Where the container runs.</param>
/// <param name="Pid">A process of it, as its runner counts them.</param>
internal sealed record TrafficEnd(LabRunner Runner, int Pid)
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory.Replace("Warp.Lab", "Warp.Bench", StringComparison.Ordinal), "warp-bench");
    private static readonly TimeSpan ServerTime = TimeSpan.FromSeconds(30);

    /// <summary>The place of a container.</summary>
    internal static Task<TrafficEnd> OfAsync(LabContainer container) => OfAsync(container.Runner, container.Id);

    /// <summary>The place of a container by name or id.</summary>
    internal static async Task<TrafficEnd> OfAsync(LabRunner runner, string container)
    {
        var pid = (await runner.DockerAsync("inspect", "--format", "{{.State.Pid}}", container)).Ensure().Output;
        return new TrafficEnd(runner, int.Parse(pid, CultureInfo.InvariantCulture));
    }

    /// <summary>Starts the load server; it ends with its machine.</summary>
    internal Task ServeAsync(string port, string logFile) => StartLoadAsync(logFile, "server", port);

    /// <summary>Starts a load whose results nobody reads; it ends with its machine.</summary>
    internal async Task StartLoadAsync(string logFile, params IReadOnlyList<string> load) => (await Runner.Machine.StartAsync(logFile, Command(load))).Dispose();

    /// <summary>Waits until the load server at the other end answers.</summary>
    internal Task AwaitAsync(string address, string port) => Poll.UntilAsync(
        $"the load server at {address}:{port}",
        ServerTime,
        async () => (await Runner.Machine.RunAsync(Command("await", address, port))).Output.Contains("\"answers\":1", StringComparison.Ordinal));

    /// <summary>Runs the load client to its end.</summary>
    /// <returns>What it measured, by name.</returns>
    internal async Task<Dictionary<string, double>> LoadAsync(params IReadOnlyList<string> load)
    {
        var output = (await Runner.Machine.RunAsync(Command(load), input: "\n")).Ensure().Output;
        var results = JsonSerializer.Deserialize<Dictionary<string, double>>(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1])!;
        return results["errors"] == 0 ? results : throw new LabException($"{string.Join(' ', load)}: {output}");
    }

    private IReadOnlyList<string> Command(params IReadOnlyList<string> load) => File.Exists(Program)
        ? ["nsenter", "--target", Pid.ToString(CultureInfo.InvariantCulture), "--net", "--", Program, "load", .. load]
        : throw new LabException($"{Program} is missing: dotnet build tests/Warp.Bench -c Release");
}
