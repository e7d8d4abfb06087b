using System.Text.Json;
using System.Text.Json.Serialization;
using Warp.Cluster.Protocol;
using Warp.Node.Diagnosis.Paths;
using Warp.Node.Http.AkkaManagement;

namespace Warp.Node.Http.Documents;

/// <summary>How every document of the API is written and read: compact, camelCase, fields in the order of their declaration, enums by name.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(DeploymentDocument))]
[JsonSerializable(typeof(DeploymentListDocument))]
[JsonSerializable(typeof(RemovalDocument))]
[JsonSerializable(typeof(HistoryDocument))]
[JsonSerializable(typeof(PlanDocument))]
[JsonSerializable(typeof(RunnerListDocument))]
[JsonSerializable(typeof(AuthorityDocument))]
[JsonSerializable(typeof(RunnerRemovalDocument))]
[JsonSerializable(typeof(DrainDocument))]
[JsonSerializable(typeof(UndrainDocument))]
[JsonSerializable(typeof(TunnelListDocument))]
[JsonSerializable(typeof(DenialsDocument))]
[JsonSerializable(typeof(AuditDocument))]
[JsonSerializable(typeof(AuditEntryDocument))]
[JsonSerializable(typeof(ExaminationDocument))]
[JsonSerializable(typeof(ExaminationListDocument))]
[JsonSerializable(typeof(ExplanationDocument))]
[JsonSerializable(typeof(CallFacts))]
[JsonSerializable(typeof(ListenerFacts))]
[JsonSerializable(typeof(FlowListDocument))]
[JsonSerializable(typeof(LogLineDocument))]
[JsonSerializable(typeof(VolumeDocument))]
[JsonSerializable(typeof(VolumeListDocument))]
[JsonSerializable(typeof(BuildEventDocument))]
[JsonSerializable(typeof(RegistryDocument))]
[JsonSerializable(typeof(RegistryListDocument))]
[JsonSerializable(typeof(RegistryLoginRequest))]
[JsonSerializable(typeof(SigningDocument))]
[JsonSerializable(typeof(NodeSigningDocument))]
[JsonSerializable(typeof(SignedDocument))]
[JsonSerializable(typeof(JoinRequestDocument))]
[JsonSerializable(typeof(JoinedDocument))]
[JsonSerializable(typeof(MembersDocument))]
[JsonSerializable(typeof(MemberDocument))]
[JsonSerializable(typeof(MessageDocument))]
[JsonSerializable(typeof(ShardTypesDocument))]
[JsonSerializable(typeof(ShardRegionDocument))]
[JsonSerializable(typeof(ShardingStatsDocument))]
[JsonSerializable(typeof(SeedNodesDocument))]
[JsonSerializable(typeof(BootstrapErrorDocument))]
[JsonSerializable(typeof(InstancePhase))]
internal sealed partial class ManagementJson : JsonSerializerContext;
