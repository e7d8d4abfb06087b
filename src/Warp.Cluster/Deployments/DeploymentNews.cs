using Akka.Actor;
using Warp.Cluster.Membership;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Deployments;

/// <summary>What a deployment actor tells others of its state: its runners the assignment, all runners the public routes, the catalog how it stands. Belongs to one actor.</summary>
/// <param name="runners">Where the runners are.</param>
/// <param name="catalog">The catalog of the node.</param>
internal sealed class DeploymentNews(RunnerContacts runners, IActorRef catalog)
{
    private PublicRoutes? _routes;

    /// <summary>After something was persisted.</summary>
    /// <param name="state">The state now.</param>
    /// <param name="before">The assignment's version before.</param>
    public void Changed(DeploymentState state, long before)
    {
        if (state.Version != before)
        {
            runners.Send(DeploymentPlan.Assignment(state), state.Runners);
        }

        TellCatalog(state);
        var routes = PublicRoutePlan.Of(state);
        if (_routes is null || !PublicRoutePlan.Same(_routes, routes))
        {
            _routes = routes;
            runners.SendAll(routes);
        }
    }

    /// <summary>Without an occasion: who missed it hears it now.</summary>
    public void Repeat(DeploymentState state)
    {
        TellCatalog(state);
        if (state.HasHistory)
        {
            runners.SendAll(PublicRoutePlan.Of(state));
        }
    }

    /// <summary>To runners that have just come: they have heard of no public route yet.</summary>
    public void Welcome(DeploymentState state, DirectoryChange change)
    {
        if (state.HasHistory && !change.Came.IsEmpty)
        {
            runners.Send(PublicRoutePlan.Of(state), change.Came);
        }
    }

    /// <summary>To the runners of which nothing was heard that shows them up to date.</summary>
    public void Remind(DeploymentState state) => runners.Send(DeploymentPlan.Assignment(state), runners.TakeOverdue(state.Runners, state.Version));

    /// <summary>To the catalog.</summary>
    public void TellCatalog(DeploymentState state) =>
        catalog.Tell(state.Spec is null ? new ForgetDeployment(state.Deployment) : new AnnounceDeployment(DeploymentViews.Of(state, runners.Sight)));
}
