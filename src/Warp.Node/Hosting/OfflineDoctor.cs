using System.Collections.Immutable;
using Warp.Node.Configuration;
using Warp.Node.Diagnosis;
using Warp.Node.Diagnosis.Checks;
using Warp.Node.Docker;
using Warp.Node.Security;

namespace Warp.Node.Hosting;

/// <summary>What can be looked at on a host whose node does not run: everything but the other runners and what only the running process knows.</summary>
internal static class OfflineDoctor
{
    /// <summary>Looks; settings and certificates that cannot be read are findings as well.</summary>
    /// <param name="data">The node's data folder.</param>
    /// <param name="cancellationToken">Nobody waits any more.</param>
    public static async Task<ImmutableArray<Finding>> ExamineAsync(DataFolder data, CancellationToken cancellationToken)
    {
        WarpSettings settings;
        try
        {
            settings = SettingsLoader.Load(SettingsSources.ForProcess(data, null, []));
        }
        catch (OperatorException failure)
        {
            return [Finding.Problem("settings", failure.Message, "without them nothing else can be looked at")];
        }

        using var engine = new DockerEngine(new DockerOptions(settings.Node.Cluster, settings.Node.Runner) { Endpoint = settings.Docker.Endpoint });
        var interception = DataPlane.InterceptionOptionsOf(settings);
        ImmutableArray<ICheck> checks =
            [new EngineCheck(engine), new KernelCheck(null), new FirewallCheck(interception, null), new MtuCheck(interception), new DiskCheck(data.Root, engine)];
        try
        {
            var credentials = new FileCredentialSource(data, settings.Node, settings.Certificates.ClockTolerance);
            return await new Doctor(checks.Add(new CertificateCheck(credentials, static () => []))).ExamineAsync([], cancellationToken);
        }
        catch (OperatorException failure)
        {
            var found = await new Doctor(checks).ExamineAsync([], cancellationToken);
            return found.Add(Finding.Problem("certificates", failure.Message, "a node without certificates that are in force does not start"));
        }
    }
}
