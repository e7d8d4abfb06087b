using System.Net;
using Warp.Bench.Compare;

namespace Warp.Bench.Scale.Rules;

/// <summary>A runner as its kernel sees it: a host with a deployment's bridge, and two containers on that.</summary>
internal sealed class OneRunner : IAsyncDisposable
{
    private OneRunner()
    {
    }

    /// <summary>The host, which has the rules.</summary>
    internal BenchHost Host { get; } = BenchHost.Create(RuleRoutes.Bridge, IPAddress.Parse(RuleRoutes.Gateway));

    /// <summary>The container that calls.</summary>
    internal BenchHost App { get; } = BenchHost.Create("eth0", IPAddress.Parse(RuleRoutes.App));

    /// <summary>The container that is called.</summary>
    internal BenchHost Db { get; } = BenchHost.Create("eth0", IPAddress.Parse(RuleRoutes.Db));

    internal static async Task<OneRunner> CreateAsync(CancellationToken cancellationToken)
    {
        var runner = new OneRunner();
        try
        {
            await runner.Host.AwaitAsync(cancellationToken);
            await runner.Host.RunAsync($"ip link add {RuleRoutes.Bridge} type bridge", cancellationToken);
            await runner.Host.ConfigureAsync(cancellationToken);

            // Thousands of closed connections would otherwise fill the table of connections.
            await runner.Host.RunAsync("sysctl -qw net.netfilter.nf_conntrack_tcp_timeout_time_wait=1", cancellationToken);
            await runner.PlugInAsync(runner.App, "port-app", cancellationToken);
            await runner.PlugInAsync(runner.Db, "port-db", cancellationToken);
            return runner;
        }
        catch
        {
            await runner.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await Db.DisposeAsync();
        await Host.DisposeAsync();
    }

    private async Task PlugInAsync(BenchHost container, string port, CancellationToken cancellationToken)
    {
        await container.AwaitAsync(cancellationToken);
        await Host.RunAsync($"ip link add {port} type veth peer name {container.Device} netns {container.Inside}", cancellationToken);
        await Host.RunAsync($"ip link set {port} master {RuleRoutes.Bridge} up", cancellationToken);
        await container.ConfigureAsync(cancellationToken);
        await container.RunAsync($"ip route add default via {RuleRoutes.Gateway}", cancellationToken);
    }
}
