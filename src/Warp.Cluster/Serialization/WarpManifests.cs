using System.Collections.Frozen;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Warp.Cluster.Serialization;

/// <summary>
/// The manifest of each type: a short code and the version of its form. They are in journals and on wires between different versions of the program: a line is never changed and never
/// taken away, only added.
/// </summary>
internal static class WarpManifests
{
    private static readonly WarpProtocolJson Json = new(new JsonSerializerOptions(WarpProtocolJson.Default.Options)
    {
        // The text goes into no web page, and escaping every letter beyond ASCII would multiply its size.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>Every manifest with the form that it names.</summary>
    public static FrozenDictionary<string, JsonTypeInfo> ByManifest { get; } = new Dictionary<string, JsonTypeInfo>(StringComparer.Ordinal)
    {
        ["dep.apply:1"] = Json.ApplyDeployment,
        ["dep.accepted:1"] = Json.DeploymentAccepted,
        ["dep.rejected:1"] = Json.DeploymentRejected,
        ["dep.remove:1"] = Json.RemoveDeployment,
        ["dep.removing:1"] = Json.DeploymentRemoving,
        ["dep.notfound:1"] = Json.DeploymentNotFound,
        ["dep.get:1"] = Json.GetDeployment,
        ["dep.list:1"] = Json.ListDeployments,
        ["dep.listed:1"] = Json.DeploymentList,
        ["dep.view:1"] = Json.DeploymentView,
        ["dep.conflict:1"] = Json.DeploymentConflict,
        ["dep.change:1"] = Json.ChangeDeployment,
        ["dep.plan:1"] = Json.PlanDeployment,
        ["dep.planned:1"] = Json.DeploymentPlanned,
        ["dep.gethistory:1"] = Json.GetDeploymentHistory,
        ["dep.history:1"] = Json.DeploymentHistory,
        ["dep.makeway:1"] = Json.MakeWay,
        ["run.public:1"] = Json.PublicRoutes,
        ["run.assign:1"] = Json.Assignment,
        ["run.report:1"] = Json.RunnerReport,
        ["run.unknown:1"] = Json.DeploymentUnknown,
        ["run.status:1"] = Json.RunnerStatus,
        ["run.peers:1"] = Json.PeerList,
        ["run.drain:1"] = Json.DrainRunner,
        ["run.undrain:1"] = Json.UndrainRunner,
        ["run.drains:1"] = Json.RunnerDrains,
        ["run.list:1"] = Json.ListRunners,
        ["run.listed:1"] = Json.RunnerList,
        ["run.trust:1"] = Json.ClusterTrust,
        ["run.gettrust:1"] = Json.GetClusterTrust,
        ["run.authorities:1"] = Json.TrustAuthorities,
        ["run.remove:1"] = Json.RemoveRunner,
        ["run.removed:1"] = Json.RunnerRemoved,
        ["run.removal-refused:1"] = Json.TrustRefused,
        ["reg.keep:1"] = Json.KeepRegistryLogin,
        ["reg.forget:1"] = Json.ForgetRegistryLogin,
        ["reg.list:1"] = Json.ListRegistryLogins,
        ["reg.logins:1"] = Json.RegistryLogins,
        ["reg.unknown:1"] = Json.RegistryLoginUnknown,
        ["reg.refused:1"] = Json.RegistryLoginRefused,
        ["ctl.ask:1"] = Json.AskStanding,
        ["ctl.standing:1"] = Json.ControlNodeStanding,
        ["ctl.probe:1"] = Json.ProbeJournal,
        ["ctl.probed:1"] = Json.JournalProbed,
        ["ev.login:1"] = Json.RegistryLoginKept,
        ["ev.logout:1"] = Json.RegistryLoginForgotten,
        ["ev.authorities:1"] = Json.AuthoritiesRecorded,
        ["ev.drains:1"] = Json.DrainsRecorded,
        ["ev.runner-removed:1"] = Json.RunnerRemovalRecorded,
        ["ev.applied:1"] = Json.SpecApplied,
        ["ev.placed:1"] = Json.ServicesPlaced,
        ["ev.request:1"] = Json.RequestAccepted,
        ["ev.placements:1"] = Json.PlacementsChanged,
        ["ev.recovered:1"] = Json.PlacementsRecovered,
        ["ev.ports:1"] = Json.PortsSeen,
        ["ev.completed:1"] = Json.RolloutCompleted,
        ["ev.removal:1"] = Json.RemovalAccepted,
        ["ev.released:1"] = Json.RunnerReleased,
        ["ev.removed:1"] = Json.DeploymentRemoved,
        ["dep.state:1"] = Json.DeploymentState,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The manifest that each type is written with: the newest where a type has several.</summary>
    public static FrozenDictionary<Type, string> ByType { get; } = ByManifest
        .GroupBy(entry => entry.Value.Type)
        .ToFrozenDictionary(forms => forms.Key, forms => forms.MaxBy(form => Version(form.Key)).Key);

    private static int Version(string manifest) => int.Parse(manifest.AsSpan(manifest.IndexOf(':', StringComparison.Ordinal) + 1), System.Globalization.CultureInfo.InvariantCulture);
}
