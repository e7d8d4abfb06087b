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

    /// <summary>Runs a script of bash inside this container, which ends at the first command that fails.</summary>
    public Task<ToolResult> BashAsync(string script) => Runner.Engine.DockerAsync(["exec", Id, "bash", "-euo", "pipefail", "-c", script], TimeSpan.FromMinutes(10));

    /// <summary>When its process started, as the engine says.</summary>
    public async Task<DateTimeOffset> StartedAtAsync() =>
        DateTimeOffset.Parse((await Runner.DockerAsync("inspect", "--format", "{{.State.StartedAt}}", Id)).Ensure().Output, CultureInfo.InvariantCulture);
}
