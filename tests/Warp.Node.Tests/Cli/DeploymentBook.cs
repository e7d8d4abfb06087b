using System.Collections.Immutable;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;

namespace Warp.Node.Tests.Cli;

/// <summary>
/// Behind the API in place of the cluster's actors: keeps specs, answers as they do, and lets every service run at once on the runner it names (else r1).
/// An image whose name begins with "missing" cannot be pulled.
/// </summary>
internal sealed class DeploymentBook
{
    private readonly SortedDictionary<string, DeploymentView> _views = new(StringComparer.Ordinal);

    public object? Answer(object message) => message switch
    {
        ApplyDeployment asked => Apply(asked),
        PlanDeployment asked => Plan(asked.Spec),
        ChangeDeployment asked => Change(asked),
        GetDeploymentHistory asked => _views.TryGetValue(asked.Deployment.Value, out var view) ? History(view) : new DeploymentNotFound(asked.Deployment),
        GetDeployment asked => _views.TryGetValue(asked.Deployment.Value, out var view) ? view : new DeploymentNotFound(asked.Deployment),
        RemoveDeployment asked => _views.Remove(asked.Deployment.Value) ? new DeploymentRemoving(asked.Deployment) : new DeploymentNotFound(asked.Deployment),
        ListDeployments => new DeploymentList([.. _views.Values]),
        ListRunners => new RunnerList([Runner("r1"), Runner("r2")]),
        _ => null,
    };

    /// <summary>The changes asked for, in their order.</summary>
    public List<ChangeDeployment> Changes { get; } = [];

    private object Change(ChangeDeployment asked)
    {
        Changes.Add(asked);
        if (!_views.TryGetValue(asked.Deployment.Value, out var before))
        {
            return new DeploymentNotFound(asked.Deployment);
        }

        var view = before with { Revision = before.Revision + 1, Services = [.. before.Services.Select(service => Changed(service, asked.Change))] };
        _views[asked.Deployment.Value] = view;
        return new DeploymentAccepted(asked.Deployment, view.Revision, Changed: true, view);
    }

    private static ServiceView Changed(ServiceView service, DeploymentChange change) => change switch
    {
        MoveService move when move.Service == service.Service => service with { Instances = [.. service.Instances.Select(one => one with { Runner = move.Runner })] },
        ScaleService scale when scale.Service == service.Service => service with
        {
            Replicas = scale.Replicas,
            Instances = [.. Enumerable.Range(0, scale.Replicas).Select(ordinal => service.Instances[0] with { Ordinal = ordinal })],
        },
        _ => service,
    };

    private static DeploymentHistory History(DeploymentView view) => new(
        view.Deployment,
        [new RevisionView(view.Revision, DateTimeOffset.UnixEpoch, "deploy", Completed: true, [.. view.Services.Select(service => new ServiceImage(service.Service, service.Image))])]);

    private DeploymentPlanned Plan(DeploymentSpec wish)
    {
        var before = _views.GetValueOrDefault(wish.Name.Value);
        return new DeploymentPlanned(wish.Name, before?.Revision ?? 0, [.. wish.Services.SelectMany(service => Planned(before?.Services.FirstOrDefault(one => one.Service == service.Name), service))]);
    }

    private static ServicePlanned[] Planned(ServiceView? before, ServiceSpec wish) =>
        before is null ? [new ServicePlanned(wish.Name, PlannedAction.Create, ["it is new"], [RunnerId.Parse("r1"), RunnerId.Parse("r1")])]
        : string.Equals(before.Image, wish.Image, StringComparison.Ordinal) ? []
        : [new ServicePlanned(wish.Name, PlannedAction.Replace, [$"image: {before.Image} -> {wish.Image}"], [wish.Runner ?? RunnerId.Parse("r1")])];

    private DeploymentAccepted Apply(ApplyDeployment asked)
    {
        var spec = asked.Spec;
        var revision = _views.TryGetValue(spec.Name.Value, out var before) ? before.Revision + 1 : 1;
        var view = new DeploymentView(
            spec.Name, spec.Project, spec.Environment, revision, Removing: false,
            [.. spec.Services.Select((service, index) => new ServiceView(
                service.Name, service.Image, new Ipv4Address(Ipv4Address.Parse("10.201.0.1").Bits + (uint)index), service.Port ?? 8080,
                [Instance(new InstanceId(spec.Name, service.Name, 0, revision), service.Runner ?? RunnerId.Parse("r1"), service.Image)], Waiting: null))],
            spec.Services.Any(service => service.Image.StartsWith("missing", StringComparison.Ordinal)) ? RolloutState.Progressing : RolloutState.Completed);
        _views[spec.Name.Value] = view;
        return new DeploymentAccepted(spec.Name, revision, Changed: true, view);
    }

    private static InstanceView Instance(InstanceId id, RunnerId runner, string image) => new(
        id.Ordinal, id.Generation, runner, RunnerReachable: true,
        image.StartsWith("missing", StringComparison.Ordinal)
            ? new InstanceObserved(id, InstancePhase.BackingOff, null, null, null, 0, null, $"the image {image} cannot be pulled")
            : new InstanceObserved(id, InstancePhase.Running, $"container-of-{id.Service}", Ipv4Address.Parse("10.208.0.2"), DateTimeOffset.UnixEpoch, 0, null, null));

    private static RunnerView Runner(string name) => new(
        new RunnerStatus(
            RunnerId.Parse(name), new NodeEndpoint("127.0.0.1", 4054), new NodeEndpoint("127.0.0.1", 1), 1, EngineReady: true, "20.10.24", "0.1.0", ImmutableArray<string>.Empty,
            [new TunnelView(RunnerId.Parse("r9"), new NodeEndpoint("192.0.2.9", 4054), TunnelState.Up, 2, 1, 10, 20, "TLS 1.3 AES_128_GCM_SHA256", null)]),
        Reachable: true, DateTimeOffset.UnixEpoch);
}
