using System.Net;
using System.Net.Sockets;
using Warp.Lab.Deployments;
using Warp.Lab.Machines;

namespace Warp.EndToEnd.Tests.Isolation;

/// <summary>
/// Root in a container's network with every capability there, NET_ADMIN and NET_RAW included: sockets of this process that are made in the container's network namespace,
/// and <c>ip</c> run in it by the machine's root.
/// </summary>
internal sealed class HostileRoot
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private readonly Machine _machine;
    private readonly string _sandbox;

    private HostileRoot(Machine machine, string sandbox) => (_machine, _sandbox) = (machine, sandbox);

    /// <summary>Breaks into a container.</summary>
    public static async Task<HostileRoot> InAsync(LabContainer container) => new(
        container.Runner.Machine,
        (await container.Runner.DockerAsync("inspect", "--format", "{{.NetworkSettings.SandboxKey}}", container.Id)).Ensure().Output.Trim());

    /// <summary>Changes the container's network.</summary>
    public async Task IpAsync(params IReadOnlyList<string> arguments) =>
        (await _machine.RunAsync(["nsenter", $"--net={_sandbox}", "ip", .. arguments])).Ensure();

    /// <summary>Tries many at once, and names those that connected, and those whose server spoke.</summary>
    public async Task<(IReadOnlyList<string> Connected, IReadOnlyList<string> Answered)> ScanAsync(IEnumerable<(string Address, int Port)> targets, string? source = null)
    {
        var tried = await Task.WhenAll(targets.Distinct().Select(target => TryAsync(target.Address, target.Port, source)));
        return ([.. tried.Where(t => t.Connected).Select(t => t.Target)], [.. tried.Where(t => t.Answered).Select(t => t.Target)]);
    }

    private async Task<(string Target, bool Connected, bool Answered)> TryAsync(string address, int port, string? source)
    {
        var target = $"{address}:{port}";
        using var socket = MachineSockets.CreateTcp(_machine, _sandbox);
        using var deadline = new CancellationTokenSource(Patience);
        var connected = false;
        try
        {
            if (source is not null)
            {
                socket.Bind(new IPEndPoint(IPAddress.Parse(source), 0));
            }

            await socket.ConnectAsync(address, port, deadline.Token);
            connected = true;
            return (target, true, await socket.ReceiveAsync(new byte[1], deadline.Token) > 0);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return (target, connected, false);
        }
    }
}
