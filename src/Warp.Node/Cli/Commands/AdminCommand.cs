using System.CommandLine;
using Warp.Cluster.Identity;
using Warp.Node.Configuration;
using Warp.Node.Security;

namespace Warp.Node.Cli.Commands;

/// <summary><c>warp admin create</c>: a certificate for a person or a program that manages the cluster.</summary>
internal static class AdminCommand
{
    private const string Read = "read";
    private const string Deploy = "deploy";
    private const string Administer = "administer";

    public static Command Create(ConnectionOptions connection, CommandOutput output)
    {
        var name = new Argument<string>("NAME") { Description = "Whose certificate it is; the audit log shows it." };
        var role = new Option<string>("--role") { Description = "What it allows: only reading, also changing the deployments of some projects, or everything.", Required = true }.AcceptOnlyFromAmong(Read, Deploy, Administer);
        var projects = new Option<string[]>("--project") { Description = "With --role deploy: a project whose deployments may be changed; may be repeated.", HelpName = "PROJECT", DefaultValueFactory = _ => [] };
        var days = new Option<int>("--days") { Description = "How long it is valid.", HelpName = "DAYS", DefaultValueFactory = _ => AdminFolder.MaxDays };
        var folder = new Option<string?>("--out") { Description = "The folder to make. Default: NAME.warp-admin in this folder.", HelpName = "FOLDER" };
        var create = new Command("create", "Issue a certificate with a role, and write the folder that it is used from.") { name, role, projects, days, folder };
        create.SetAction(parsed =>
        {
            var data = connection.Data(parsed);
            var wanted = RoleOf(parsed.GetRequiredValue(role), parsed.GetRequiredValue(projects));
            var written = AdminFolder.Create(new CreateAdminRequest(data, parsed.GetRequiredValue(name), wanted, parsed.GetValue(days), parsed.GetValue(folder)), TimeProvider.System);
            var settings = SettingsLoader.Load(SettingsSources.ForProcess(data, null, []));
            output.Line($"{written} holds a certificate with the role {wanted}, and its private key: bring it to where it is used by a safe way.");
            output.Line($"Next, there: 'warp --data {Path.GetFileName(written)} --node https://{settings.Node.Address}:{settings.Ports.Management} ps'.");
            return (int)ExitCode.Ok;
        });
        return new Command("admin", "Who may manage the cluster.") { create };
    }

    private static AdminRole RoleOf(string role, string[] projects) => role switch
    {
        Deploy => AdminRole.TryDeploy(projects, out var deploy, out var problem) ? deploy : throw new OperatorException(ExitCode.Usage, $"--role deploy: {problem}, with --project."),
        _ when projects is not [] => throw new OperatorException(ExitCode.Usage, $"--project goes with --role deploy; the role {role} is not bound to projects."),
        Read => AdminRole.Read,
        _ => AdminRole.Administer,
    };
}
