using System.Net;
using Warp.Bench.Peers;

namespace Warp.Bench.Compare;

/// <summary>A peer whose both ends run.</summary>
internal sealed class RunningPeer : IAsyncDisposable
{
    private readonly PeerSetting _setting;

    private RunningPeer(TunnelPeer peer, PeerSetting setting, IPEndPoint entry) => (Peer, _setting, Entry) = (peer, setting, entry);

    internal TunnelPeer Peer { get; }

    /// <summary>Where clients connect.</summary>
    internal IPEndPoint Entry { get; }

    internal bool IsHealthy => _setting.IsHealthy;

    /// <summary>Whether it costs anything: the way without a tunnel does not.</summary>
    internal bool HasProcesses => _setting.Pids is not [];

    /// <summary>The processor time of the tunnel so far.</summary>
    internal double CpuSeconds => ProcessTable.Read().CpuSeconds(_setting.Pids);

    /// <summary>The memory of the tunnel.</summary>
    internal long Kilobytes => ProcessTable.Read().ProportionalKilobytes(_setting.Pids);

    /// <summary>Starts it.</summary>
    /// <exception cref="BenchException">It does not start.</exception>
    internal static async Task<RunningPeer> StartAsync(TunnelPeer peer, PeerSetting setting, CancellationToken cancellationToken)
    {
        try
        {
            return new RunningPeer(peer, setting, await peer.StartAsync(setting, cancellationToken));
        }
        catch
        {
            await setting.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _setting.DisposeAsync();
}
