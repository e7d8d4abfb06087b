using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Warp.Cluster.Identity;

namespace Warp.Node.Names;

/// <summary>Whom this host asks for names. The file is read again when it has changed, at most once a second. May be asked from any thread.</summary>
internal sealed class HostResolvers
{
    private const string DefaultFile = "/etc/resolv.conf";
    private const string SystemdFile = "/run/systemd/resolve/resolv.conf";
    private const int LookEvery = 1000;
    private const int DnsPort = 53;
    private const int MaxForContainers = 2;
    private static readonly IPAddress s_systemdResolved = IPAddress.Parse("127.0.0.53");
    private readonly string _file;
    private readonly string _beneath;
    private ImmutableArray<NameServerHealth> _servers = [];
    private (DateTime Written, long Length) _seen;
    private long _lookAt;

    /// <summary>Those of this host.</summary>
    public HostResolvers()
        : this(DefaultFile, SystemdFile)
    {
    }

    /// <param name="file">The host's <c>/etc/resolv.conf</c>.</param>
    /// <param name="beneath">The servers behind systemd-resolved, for those who cannot reach its loopback address; may be missing.</param>
    internal HostResolvers(string file, string beneath)
    {
        (_file, _beneath) = (file, beneath);
        Refresh();
    }

    /// <summary>The servers in the order in which they are to be asked now: those that did not answer lately come last.</summary>
    public ImmutableArray<NameServerHealth> InOrder()
    {
        Refresh();
        return [.. _servers.OrderBy(server => server.IsSuspect)];
    }

    /// <summary>Those that a container can reach by itself, for the time when the node does not run. Loopback addresses are another host's there; there may be none.</summary>
    public ImmutableArray<Ipv4Address> ForContainers()
    {
        var servers = Read(_file);
        if (servers is [var only] && only.Equals(s_systemdResolved))
        {
            servers = Read(_beneath);
        }

        return
        [
            .. servers
                .Where(server => server.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(server) && !server.Equals(IPAddress.Any))
                .Select(Ipv4Address.From)
                .Take(MaxForContainers),
        ];
    }

    private void Refresh()
    {
        var (now, due) = (Environment.TickCount64, Volatile.Read(ref _lookAt));
        if (now < due || Interlocked.CompareExchange(ref _lookAt, now + LookEvery, due) != due)
        {
            return;
        }

        var info = new FileInfo(_file);
        var seen = info.Exists ? (info.LastWriteTimeUtc, info.Length) : default;
        if (_servers.IsEmpty || seen != _seen)
        {
            var servers = Read(_file).Select(address => new NameServerHealth(new IPEndPoint(address, DnsPort)));
            ImmutableInterlocked.InterlockedExchange(ref _servers, [.. servers]);
            _seen = seen;
        }
    }

    private static ImmutableArray<IPAddress> Read(string path)
    {
        try
        {
            return ResolvConf.Parse(File.ReadLines(path));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return ResolvConf.Parse([]);
        }
    }
}
