using System.Collections.Immutable;
using Akka.Actor;
using Warp.Cluster.Endpoints;
using Warp.Cluster.Identity;
using Warp.Cluster.Tunnels;

namespace Warp.Cluster.Runners;

/// <summary>
/// Makes the data plane's routes from what control nodes told and from what the agents found, and hands them to route table, rules and tunnels. Tunnels get them at once. Routes and rules
/// wait at first for what the engine has, in every deployment: those of an earlier process of this node may still be in the kernel and carry traffic, and half a picture would cut it.
/// </summary>
internal sealed class RoutesActor : ReceiveActor
{
    private readonly RunnerRoutesAssembly _assembly;
    private readonly IRouteHolder _holder;
    private readonly IActorRef _rules;
    private readonly IActorRef _tunnels;
    private readonly IActorRef _reporter;
    private readonly Dictionary<DeploymentName, AgentFacts> _facts = [];
    private readonly Dictionary<DeploymentName, LocalEndpoints> _local = [];
    private RoutesFrom _from = new(new RunnerKnowledge(), null);
    private bool _complete;

    public RoutesActor(RunnerId self, IRouteHolder holder, IActorRef rules, IActorRef tunnels, IActorRef reporter)
    {
        (_assembly, _holder, _rules, _tunnels, _reporter) = (new RunnerRoutesAssembly(self), holder, rules, tunnels, reporter);
        Receive<RoutesFrom>(m =>
        {
            _from = m;
            Publish();
        });
        Receive<AgentFacts>(m =>
        {
            var isNew = !m.RoutesLike(_facts.GetValueOrDefault(m.Deployment));
            _facts[m.Deployment] = m;
            if (isNew)
            {
                _local[m.Deployment] = m.ToLocalEndpoints();
            }

            if (isNew || !_complete)
            {
                Publish();
            }

            // A report says which assignment is in force here; that includes the routes.
            _reporter.Tell(m);
        });
        Receive<AgentFinished>(m =>
        {
            _facts.Remove(m.Deployment);
            _local.Remove(m.Deployment);
            _reporter.Tell(m);
        });
    }

    /// <param name="self">This runner.</param>
    /// <param name="holder">The route table.</param>
    /// <param name="rules">Takes <see cref="ApplyRoutes"/>.</param>
    /// <param name="tunnels">Takes <see cref="TunnelsFor"/>.</param>
    /// <param name="reporter">Takes <see cref="AgentFacts"/> and <see cref="AgentFinished"/> once their routes are in force.</param>
    public static Props Props(RunnerId self, IRouteHolder holder, IActorRef rules, IActorRef tunnels, IActorRef reporter) =>
        Akka.Actor.Props.Create(() => new RoutesActor(self, holder, rules, tunnels, reporter));

    private void Publish()
    {
        var routes = _assembly.Assemble(_from.Knowledge.Assignments, _local, _from.Knowledge.Peers);
        _tunnels.Tell(new TunnelsFor(SharedPeers.Of(routes)));
        _complete = _complete || (_from.Agents is { } agents && agents.All(_facts.ContainsKey));
        if (_complete)
        {
            _holder.Publish(routes);
            _rules.Tell(new ApplyRoutes(routes));
        }
    }
}

/// <summary>What routes are to be made from now.</summary>
/// <param name="Knowledge">What control nodes told.</param>
/// <param name="Agents">The deployments whose agents know what is here or will soon; null before the first inventory.</param>
internal sealed record RoutesFrom(RunnerKnowledge Knowledge, ImmutableHashSet<DeploymentName>? Agents) : INoSerializationVerificationNeeded;
