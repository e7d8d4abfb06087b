using System.CommandLine;
using Warp.Node.Configuration;
using Warp.Node.Security;

namespace Warp.Node.Cli.Commands;

/// <summary><c>warp runner add</c>: the bundle that lets another machine join.</summary>
internal static class RunnerAddCommand
{
    public static Command Create(ConnectionOptions connection, CommandOutput output)
    {
        var name = new Argument<string>("NAME") { Description = "The new runner's name in the cluster." };
        var address = new Option<string>("--address") { Description = "How other machines will reach it.", HelpName = "HOST", Required = true };
        var control = new Option<bool>("--control") { Description = "Let it host deployment actors too. Have one control node or three; two are no improvement over one." };
        var file = new Option<string?>("--out") { Description = "Where the bundle is written. Default: NAME.warp-bundle in this folder.", HelpName = "FILE" };
        var ports = new PortOptions();
        var add = new Command("add", "Issue a certificate for a new runner and write the bundle it joins with.") { name, address, control, file };
        ports.AddTo(add);
        add.SetAction(parsed =>
        {
            var data = connection.Data(parsed);
            if (parsed.GetValue(control))
            {
                RequireSharedJournal(data);
            }

            var written = RunnerBundles.Add(
                new AddRunnerRequest(
                    data, parsed.GetRequiredValue(name), parsed.GetRequiredValue(address), parsed.GetValue(control), ports.Of(parsed), parsed.GetValue(file)),
                TimeProvider.System);
            output.Line($"{written} holds the runner's certificate and private key: bring it there by a safe way, and delete it here.");
            output.Line(parsed.GetValue(control)
                ? $"Next, on the other machine: 'warp join {Path.GetFileName(written)}', warp.cluster and warp.persistence into its warp.conf as they are here, then 'warp run'."
                : $"Next, on the other machine: 'warp join {Path.GetFileName(written)}', then 'warp run'.");
            return (int)ExitCode.Ok;
        });
        return add;
    }

    // The node itself refuses to run with a journal of its own; said here, it is said before anything was carried to the other machine.
    private static void RequireSharedJournal(DataFolder data)
    {
        if (SettingsLoader.Load(SettingsSources.ForProcess(data, null, [])).Persistence.Provider != PersistenceProvider.Postgres)
        {
            throw new OperatorException(
                ExitCode.NotConfigured,
                $"The journal of this control node is in SQLite, and further control nodes need one that all of them share. Move it to PostgreSQL first: 'warp journal move --help'. (Looked at: {data.ConfigFile})");
        }
    }
}
