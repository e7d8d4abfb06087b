using System.Globalization;

namespace Warp.Lab.Deployments;

/// <summary>A running container of a deployment.</summary>
/// <param name="Runner">Where it runs.</param>
/// <param name="Id">The engine's id.</param>
/// <param name="IstAddress">Its service's address in the deployment.</param>
/// <param name="Address">Its own address on the deployment's bridge.</param>
public sealed record LabContainer(LabRunner Runner, string Id, string IstAddress, string? Address)
{
    /// <summary>Runs a command of the test peer inside this container, which is one of the test peer's image.</summary>
    /// <param name="command">Such as <c>echo $WARP_IST_db 3211 text</c>, word by word.</param>
    public Task<ToolResult> PeerAsync(params IReadOnlyList<string> command) =>
        Runner.Engine.DockerAsync(["exec", Id, "/dotnet/dotnet", "/peer/warp-test-peer.dll", .. command], TimeSpan.FromMinutes(5));

    /// <summary>The same without the engine, which then may be restarted meanwhile; variables are not known there.</summary>
    public async Task<ToolResult> PeerWithoutEngineAsync(params IReadOnlyList<string> command) => await Runner.Machine.RunAsync(
        ["nsenter", "--target", await ProcessAsync(), "--mount", "--net", "--pid", "/dotnet/dotnet", "/peer/warp-test-peer.dll", .. command]);

    /// <summary>Runs a script of bash inside this container, which ends at the first command that fails.</summary>
    public Task<ToolResult> BashAsync(string script) => Runner.Engine.DockerAsync(["exec", Id, "bash", "-euo", "pipefail", "-c", script], TimeSpan.FromMinutes(10));

    /// <summary>When its process started, as the engine says.</summary>
    public async Task<DateTimeOffset> StartedAtAsync() =>
        DateTimeOffset.Parse((await Runner.DockerAsync("inspect", "--format", "{{.State.StartedAt}}", Id)).Ensure().Output, CultureInfo.InvariantCulture);

    /// <summary>Takes its network away: it hears nothing, and nobody hears of it.</summary>
    public async Task UnplugAsync() => (await Runner.Machine.RunAsync(["nsenter", "--target", await ProcessAsync(), "--net", "ip", "link", "set", "eth0", "down"])).Ensure();

    /// <summary>How many connections to one of its ports are established, as its own network sees them.</summary>
    public async Task<int> CountConnectionsAsync(int port)
    {
        // proc(5), /proc/[pid]/net/tcp: local address and port, remote ones, state (01: established), in hexadecimal.
        var sockets = await ReadAsync("net/tcp", "net/tcp6");
        var local = $":{port:X4}";
        return sockets.Split('\n')
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Count(fields => fields is [_, var address, _, "01", ..] && address.EndsWith(local, StringComparison.Ordinal));
    }

    /// <summary>How many bytes have left it, as its own network counts them.</summary>
    public async Task<long> CountSentAsync()
    {
        // proc(5), /proc/[pid]/net/dev: after the name eight columns of what was received, the first of what was sent is the ninth.
        var devices = await ReadAsync("net/dev");
        var fields = devices.Split('\n').Single(line => line.Contains("eth0:", StringComparison.Ordinal)).Split(':')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return long.Parse(fields[8], CultureInfo.InvariantCulture);
    }

    // Files of its first process under /proc, as its machine sees them.
    private async Task<string> ReadAsync(params IReadOnlyList<string> files)
    {
        var pid = await ProcessAsync();
        return (await Runner.Machine.RunAsync(["cat", .. files.Select(file => $"/proc/{pid}/{file}")])).Ensure().Output;
    }

    private async Task<string> ProcessAsync() => (await Runner.DockerAsync("inspect", "--format", "{{.State.Pid}}", Id)).Ensure().Output.Trim();
}
