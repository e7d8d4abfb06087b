using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Microsoft.Extensions.Logging;
using Warp.Cluster.Hosting;
using Warp.Cluster.Protocol;
using Warp.Node.Configuration;
using Warp.Node.Security;

namespace Warp.Node.Hosting;

/// <summary>
/// Keeps the node in the cluster: starts an actor system, joins, and when the system ends without being asked (downed by the split brain resolver, quarantined) builds
/// a new one in the same process, while the data plane goes on beside it.
/// </summary>
internal sealed class ActorSystemHost(
    WarpSettings settings, FileCredentialSource credentials, Func<ActorSystem, ImmutableArray<NodeEndpoint>, ClusterHandles> startActors, ClusterAccess access, ILoggerFactory loggers) : IAsyncDisposable
{
    private static readonly TimeSpan RecordEvery = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan RenewalPatience = TimeSpan.FromSeconds(30);

    private readonly ILogger _log = loggers.CreateLogger<ActorSystemHost>();
    private readonly KnownMembers _members = new(settings.Data.MembersFile, loggers.CreateLogger<KnownMembers>());
    private readonly CancellationTokenSource _stopping = new();
    private TimeSpan _patience;

    /// <summary>Completes when there will be no other actor system: after <see cref="StopAsync"/>, or when the node was told through the cluster to leave it.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <summary>The address by which the cluster knows this node.</summary>
    private NodeEndpoint Self => new(settings.Node.Address, settings.Ports.Cluster);

    /// <summary>Starts the first actor system.</summary>
    /// <exception cref="OperatorException">It cannot start.</exception>
    public void Start()
    {
        Ended = KeepAsync(Build());
    }

    /// <summary>Leaves the cluster, handing over what this node hosts, and ends the actor system.</summary>
    /// <param name="patience">How long that may take; afterwards the system is ended at once.</param>
    public async Task StopAsync(TimeSpan patience)
    {
        _patience = patience;
        await _stopping.CancelAsync();
        await Ended;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.Zero);
        _stopping.Dispose();
    }

    private ActorSystem Build()
    {
        credentials.Remoting = credentials.Current;
        var system = NodeActorSystem.Start(settings, credentials, loggers);
        Quarantine.EndsTheSystem(system);
        var seeds = SeedNodes.Order(Self, settings.Node.Founder && settings.Cluster.ControlNodes == 1, _members.Load(), Configured());
        access.Set(startActors(system, seeds));
        _log.LogInformation("Joining the cluster {Cluster} as {Runner} at {Self} by {Seeds}", settings.Node.Cluster, settings.Node.Runner, Self, string.Join(", ", seeds));
        if (!seeds.IsEmpty)
        {
            Akka.Cluster.Cluster.Get(system).JoinSeedNodes(seeds.Select(seed => new Address("akka.ssl.tcp", NodeActorSystem.Name, seed.Host, seed.Port)));
        }

        return system;
    }

    // Where the CA is, it has a record of every control node, of those too that were added after this node.
    private IEnumerable<NodeEndpoint> Configured()
    {
        try
        {
            return Directory.Exists(settings.Data.AuthorityFolder) ? settings.Node.Seeds.Concat(IssuedRunners.Load(settings.Data).Seeds(credentials.Current.Removed)) : settings.Node.Seeds;
        }
        catch (OperatorException failure)
        {
            _log.LogWarning("{Problem}", failure.Message);
            return settings.Node.Seeds;
        }
    }

    private async Task KeepAsync(ActorSystem? system)
    {
        var pause = new RebuildPause();
        while (system is not null)
        {
            pause.Started();
            if (await WatchAsync(system) is { } renewal)
            {
                _log.LogInformation("{Reason}: the actor system is built anew; containers and connections go on", renewal);
                _patience = RenewalPatience;
            }

            var reason = CoordinatedShutdown.Get(system).ShutdownReason;
            await LeaveAsync(system);
            access.Set(null);
            if (_stopping.IsCancellationRequested || reason is CoordinatedShutdown.ClusterLeavingReason)
            {
                _log.LogInformation("This node has left the cluster");
                return;
            }

            _log.LogWarning("The actor system ended ({Reason}); containers and connections go on, a new one is built", reason?.ToString() ?? "unknown reason");
            system = await RebuildAsync(pause);
        }
    }

    // Until the system ends or is to end, its members are written down from time to time. Says why when another one is to take its place.
    private async Task<string?> WatchAsync(ActorSystem system)
    {
        var absence = new ControlAbsence(TimeProvider.System);
        var stop = Task.Delay(Timeout.InfiniteTimeSpan, _stopping.Token);
        while (await Task.WhenAny(system.WhenTerminated, stop, Task.Delay(RecordEvery)) is var first && first != system.WhenTerminated && first != stop)
        {
            try
            {
                _members.Record(system);
            }
            catch (OperatorException failure)
            {
                _log.LogWarning("{Problem}", failure.Message);
            }

            if (RemotingRenewal.IsDue(credentials, TimeProvider.System.GetUtcNow()))
            {
                return "The cluster's port gets the node's new certificate";
            }

            var cluster = Akka.Cluster.Cluster.Get(system);
            if (absence.IsOver(cluster.SelfMember.Status == MemberStatus.Up, cluster.State.Members.Count(member => member.HasRole(ClusterRoles.Control))))
            {
                return "The last control node has left the cluster; this node looks for the one that it forms when it is back";
            }
        }

        return null;
    }

    private async Task LeaveAsync(ActorSystem system)
    {
        if (system.WhenTerminated.IsCompleted)
        {
            return;
        }

        var left = CoordinatedShutdown.Get(system).Run(CoordinatedShutdown.ClrExitReason.Instance);
        if (await Task.WhenAny(left, Task.Delay(_patience)) != left)
        {
            _log.LogWarning("Leaving the cluster took longer than {Patience}; ending at once", _patience);
            await system.Terminate();
        }
    }

    private async Task<ActorSystem?> RebuildAsync(RebuildPause pause)
    {
        while (true)
        {
            try
            {
                await Task.Delay(pause.Next(), _stopping.Token);
                return Build();
            }
            catch (OperationCanceledException)
            {
                return null;
            }
            catch (OperatorException failure)
            {
                _log.LogError("The actor system cannot start, trying again: {Problem}", failure.Message);
            }
        }
    }
}
