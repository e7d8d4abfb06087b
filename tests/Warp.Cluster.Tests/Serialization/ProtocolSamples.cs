using System.Collections.Frozen;
using System.Collections.Immutable;
using Warp.Cluster.Deployments;
using Warp.Cluster.Identity;
using Warp.Cluster.Membership;
using Warp.Cluster.Protocol;
using Warp.Cluster.Registries;
using Warp.Cluster.Specs;

namespace Warp.Cluster.Tests.Serialization;

/// <summary>One value for each manifest, with every field filled; the files in <c>Golden</c> hold what was written of it when the manifest was shipped.</summary>
internal static class ProtocolSamples
{
    private static readonly Ipv4Address Address = Ipv4Address.Parse("10.201.0.2");
    private static readonly NodeEndpoint Endpoint = new("r1.example.org", 4054);
    private static readonly Placement Place = new(0, 3, Sample.R1);
    private static readonly InstanceId Instance = new(Sample.Shop, Sample.Name("données \"1\""), 0, 3);

    private static readonly ServiceSpec Service = new(
        Instance.Service, "postgres:15", PullPolicy.Always, ["-p", "3211"], ImmutableSortedDictionary<string, string>.Empty.Add("A", "é\n\"<&>"), 3211, Sample.R1, 30);

    private static readonly DeploymentSpec Spec = new(Sample.Shop, "demo", "production", [Service, Service with { Name = Sample.Name("app"), Port = null, Runner = null, Args = [] }]);

    private static readonly InstanceObserved Observed = new(Instance, InstancePhase.BackingOff, "0123abcd", Ipv4Address.Parse("172.20.0.2"), Sample.Noon, 4, 5432, "it ended with exit code 1");

    private static readonly DeploymentView View = new(
        Sample.Shop, "demo", "production", 7, true, [new ServiceView(Instance.Service, "postgres:15", Address, 3211, [new InstanceView(0, 3, Sample.R1, true, Observed)], "it waits")]);

    private static readonly RunnerStatus Status = new(
        Sample.R1, Endpoint, Endpoint with { Port = 8558 }, 2, true, "20.10.24", "0.1.0", ["look at the disk"],
        [new TunnelView(Sample.R2, Endpoint, TunnelState.BackingOff, 1, 2, 3, 4, "TLS 1.3 AES_128_GCM_SHA256", "refused")]);

    private static readonly SealedLogin Login = new("registry.example.org:5000", "deploy", "c2VhbGVk", Sample.Noon);

    private static readonly AuthoritySet Authorities = new(2, ["-----BEGIN CERTIFICATE-----"], "0a1b");

    private static readonly RunnerRemoval Removal = new(Sample.R2, 1_795_430_400, Sample.Noon);

    private static readonly RunnerDrains Drains = new(4, [new RunnerDrain(Sample.R2, 300, Sample.Noon)]);

    private static readonly ServicePlacement Placed = new(Instance.Service, Place, ServiceSpecHash.Of(Service));

    /// <summary>By manifest.</summary>
    public static FrozenDictionary<string, IWarpMessage> All { get; } = new Dictionary<string, IWarpMessage>(StringComparer.Ordinal)
    {
        ["dep.apply:1"] = new ApplyDeployment(Spec),
        ["dep.accepted:1"] = new DeploymentAccepted(Sample.Shop, 7, true, View),
        ["dep.rejected:1"] = new DeploymentRejected(Sample.Shop, [new SpecProblem("services[0].runner", "not known")]),
        ["dep.remove:1"] = new RemoveDeployment(Sample.Shop),
        ["dep.removing:1"] = new DeploymentRemoving(Sample.Shop),
        ["dep.notfound:1"] = new DeploymentNotFound(Sample.Shop),
        ["dep.get:1"] = new GetDeployment(Sample.Shop),
        ["dep.list:1"] = new ListDeployments(),
        ["dep.listed:1"] = new DeploymentList([View]),
        ["dep.view:1"] = View,
        ["dep.conflict:1"] = new DeploymentConflict(Sample.Shop, 7),
        ["dep.change:1"] = new ChangeDeployment(Sample.Shop, new MoveService(Instance.Service, Sample.R2), 7, "request-1"),
        ["dep.plan:1"] = new PlanDeployment(Spec),
        ["dep.planned:1"] = new DeploymentPlanned(Sample.Shop, 7, [new ServicePlanned(Instance.Service, PlannedAction.StopAndReplace, ["image"], [Sample.R1])]),
        ["dep.gethistory:1"] = new GetDeploymentHistory(Sample.Shop),
        ["dep.history:1"] = new DeploymentHistory(Sample.Shop, [new RevisionView(7, Sample.Noon, "deploy", true, [new ServiceImage(Instance.Service, "postgres:15")])]),
        ["dep.makeway:1"] = new MakeWay(Sample.Shop, Instance.Service, Sample.R2),
        ["run.public:1"] = new PublicRoutes(Sample.Shop, 12, [new PublicService(Instance.Service, 3211, "main", ["www.example.org"], 10, [new PublicPlacement(0, 3, Sample.R1)])]),
        ["run.assign:1"] = new Assignment(Sample.Shop, 12, "demo", "production", false, [new ServiceAssignment(Service, Address, [Place])]),
        ["run.report:1"] = new RunnerReport(Sample.Shop, Sample.R1, 12, [Observed]),
        ["run.unknown:1"] = new DeploymentUnknown(Sample.Shop),
        ["run.status:1"] = Status,
        ["run.peers:1"] = new PeerList([new Peer(Sample.R1, Endpoint, Endpoint)]),
        ["run.drain:1"] = new DrainRunner(Sample.R2, 300),
        ["run.undrain:1"] = new UndrainRunner(Sample.R2),
        ["run.drains:1"] = Drains,
        ["run.list:1"] = new ListRunners(),
        ["run.listed:1"] = new RunnerList([new RunnerView(Status, true, Sample.Noon)]),
        ["run.trust:1"] = new ClusterTrust([Removal]),
        ["run.gettrust:1"] = new GetClusterTrust(),
        ["run.authorities:1"] = new TrustAuthorities(Authorities),
        ["run.remove:1"] = new RemoveRunner(Sample.R2, Force: true),
        ["run.removed:1"] = new RunnerRemoved(Removal),
        ["run.removal-refused:1"] = new TrustRefused("r2 has shop/db; move it first"),
        ["reg.keep:1"] = new KeepRegistryLogin(Login),
        ["reg.forget:1"] = new ForgetRegistryLogin(Login.Registry),
        ["reg.list:1"] = new ListRegistryLogins(),
        ["reg.logins:1"] = new RegistryLogins([Login]),
        ["reg.unknown:1"] = new RegistryLoginUnknown(Login.Registry),
        ["reg.refused:1"] = new RegistryLoginRefused("look at the disk"),
        ["ctl.ask:1"] = new AskStanding(),
        ["ctl.standing:1"] = new ControlNodeStanding(true, 3, true),
        ["ctl.probe:1"] = new ProbeJournal(),
        ["ctl.probed:1"] = new JournalProbed("database or disk is full"),
        ["ev.login:1"] = new RegistryLoginKept(Login),
        ["ev.logout:1"] = new RegistryLoginForgotten(Login.Registry),
        ["ev.authorities:1"] = new AuthoritiesRecorded(Authorities),
        ["ev.drains:1"] = new DrainsRecorded(Drains),
        ["ev.runner-removed:1"] = new RunnerRemovalRecorded(Removal),
        ["ev.applied:1"] = new SpecApplied(7, 12, Spec, [new ServiceAddress(Instance.Service, Address)]),
        ["ev.placed:1"] = new ServicesPlaced(13, [Placed]),
        ["ev.request:1"] = new RequestAccepted("request-1"),
        ["ev.placements:1"] = new PlacementsChanged(13, [Placed with { Placement = Place with { Role = PlacementRole.Draining }, Since = Sample.Noon, SinceVersion = 12 }], [new PlacementId(Instance.Service, 2)]),
        ["ev.recovered:1"] = new PlacementsRecovered([Placed], [Service with { Image = "postgres:14" }], [new LeavingService(Service with { Name = Sample.Name("old") }, Address, [Placed])]),
        ["ev.ports:1"] = new PortsSeen([new SeenPort(Instance.Service, 5432)]),
        ["ev.completed:1"] = new RolloutCompleted(7),
        ["ev.removal:1"] = new RemovalAccepted(14),
        ["ev.released:1"] = new RunnerReleased(Sample.R1),
        ["ev.removed:1"] = new DeploymentRemoved(),
        ["dep.state:1"] = new DeploymentState(
            Sample.Shop, 7, 12, Spec, true, [new ServiceState(Instance.Service, Address, 3, [Placed])], [new RetiredService(Sample.Name("old"), Address, 9)], [Sample.R1, Sample.R2]),
    }.ToFrozenDictionary(StringComparer.Ordinal);
}
