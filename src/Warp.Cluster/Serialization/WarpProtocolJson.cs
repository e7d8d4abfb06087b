using System.Text.Json.Serialization;
using Warp.Cluster.Deployments;
using Warp.Cluster.Membership;
using Warp.Cluster.Protocol;
using Warp.Cluster.Registries;
using Warp.Cluster.Specs;

namespace Warp.Cluster.Serialization;

/// <summary>
/// The JSON form of everything that crosses the wire or goes into the journal. Rules for its types: a new field is optional (it has a default in the constructor),
/// a field's meaning never changes, and a breaking change is a new manifest version.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    IgnoreReadOnlyProperties = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.Never)]
[JsonSerializable(typeof(ApplyDeployment))]
[JsonSerializable(typeof(DeploymentAccepted))]
[JsonSerializable(typeof(DeploymentRejected))]
[JsonSerializable(typeof(RemoveDeployment))]
[JsonSerializable(typeof(DeploymentRemoving))]
[JsonSerializable(typeof(DeploymentNotFound))]
[JsonSerializable(typeof(GetDeployment))]
[JsonSerializable(typeof(ListDeployments))]
[JsonSerializable(typeof(DeploymentList))]
[JsonSerializable(typeof(DeploymentView))]
[JsonSerializable(typeof(DeploymentConflict))]
[JsonSerializable(typeof(ChangeDeployment))]
[JsonSerializable(typeof(PlanDeployment))]
[JsonSerializable(typeof(DeploymentPlanned))]
[JsonSerializable(typeof(GetDeploymentHistory))]
[JsonSerializable(typeof(DeploymentHistory))]
[JsonSerializable(typeof(MakeWay))]
[JsonSerializable(typeof(PublicRoutes))]
[JsonSerializable(typeof(Assignment))]
[JsonSerializable(typeof(RunnerReport))]
[JsonSerializable(typeof(DeploymentUnknown))]
[JsonSerializable(typeof(RunnerStatus))]
[JsonSerializable(typeof(PeerList))]
[JsonSerializable(typeof(DrainRunner))]
[JsonSerializable(typeof(UndrainRunner))]
[JsonSerializable(typeof(RunnerDrains))]
[JsonSerializable(typeof(ListRunners))]
[JsonSerializable(typeof(RunnerList))]
[JsonSerializable(typeof(ClusterTrust))]
[JsonSerializable(typeof(GetClusterTrust))]
[JsonSerializable(typeof(TrustAuthorities))]
[JsonSerializable(typeof(RemoveRunner))]
[JsonSerializable(typeof(RunnerRemoved))]
[JsonSerializable(typeof(TrustRefused))]
[JsonSerializable(typeof(KeepRegistryLogin))]
[JsonSerializable(typeof(ForgetRegistryLogin))]
[JsonSerializable(typeof(ListRegistryLogins))]
[JsonSerializable(typeof(RegistryLogins))]
[JsonSerializable(typeof(RegistryLoginUnknown))]
[JsonSerializable(typeof(RegistryLoginRefused))]
[JsonSerializable(typeof(AskStanding))]
[JsonSerializable(typeof(ControlNodeStanding))]
[JsonSerializable(typeof(ProbeJournal))]
[JsonSerializable(typeof(JournalProbed))]
[JsonSerializable(typeof(RegistryLoginKept))]
[JsonSerializable(typeof(RegistryLoginForgotten))]
[JsonSerializable(typeof(AuthoritiesRecorded))]
[JsonSerializable(typeof(RunnerRemovalRecorded))]
[JsonSerializable(typeof(DrainsRecorded))]
[JsonSerializable(typeof(SpecApplied))]
[JsonSerializable(typeof(ServicesPlaced))]
[JsonSerializable(typeof(RequestAccepted))]
[JsonSerializable(typeof(PlacementsChanged))]
[JsonSerializable(typeof(PlacementsRecovered))]
[JsonSerializable(typeof(PortsSeen))]
[JsonSerializable(typeof(RolloutCompleted))]
[JsonSerializable(typeof(RemovalAccepted))]
[JsonSerializable(typeof(RunnerReleased))]
[JsonSerializable(typeof(DeploymentRemoved))]
[JsonSerializable(typeof(DeploymentState))]
[JsonSerializable(typeof(DeploymentSpec))]
internal sealed partial class WarpProtocolJson : JsonSerializerContext;
