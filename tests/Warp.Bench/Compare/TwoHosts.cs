using System.Net;

namespace Warp.Bench.Compare;

/// <summary>Two hosts with a wire (a veth pair) between them: the client and the entry of a tunnel on one, its exit and the server on the other.</summary>
internal sealed class TwoHosts : IAsyncDisposable
{
    private TwoHosts(BenchHost client, BenchHost server) => (Client, Server) = (client, server);

    /// <summary>Where the load client and the tunnels' entries are.</summary>
    internal BenchHost Client { get; }

    /// <summary>Where the load server and the tunnels' exits are.</summary>
    internal BenchHost Server { get; }

    internal static async Task<TwoHosts> CreateAsync(CancellationToken cancellationToken)
    {
        var hosts = new TwoHosts(BenchHost.Create("wire-a", IPAddress.Parse("10.88.0.1")), BenchHost.Create("wire-b", IPAddress.Parse("10.88.0.2")));
        try
        {
            await hosts.Client.AwaitAsync(cancellationToken);
            await hosts.Server.AwaitAsync(cancellationToken);
            await hosts.Client.RunAsync($"ip link add {hosts.Client.Device} type veth peer name {hosts.Server.Device} netns {hosts.Server.Inside}", cancellationToken);
            await hosts.Client.ConfigureAsync(cancellationToken);
            await hosts.Server.ConfigureAsync(cancellationToken);
            return hosts;
        }
        catch
        {
            await hosts.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Server.DisposeAsync();
    }
}
