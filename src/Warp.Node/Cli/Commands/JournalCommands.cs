using System.CommandLine;
using System.Globalization;
using Warp.Node.Configuration;
using Warp.Node.Hosting;
using Warp.Node.Journal;

namespace Warp.Node.Cli.Commands;

/// <summary><c>warp journal</c>: move, backup and restore of where deployments are kept. They work on this machine's data folder, not through the API.</summary>
internal static class JournalCommands
{
    public static Command Create(ConnectionOptions connection, CommandOutput output) =>
        new("journal", "The journal of this control node: where the cluster's deployments are kept.") { Move(connection, output), Backup(connection, output), Restore(connection, output) };

    private static Command Move(ConnectionOptions connection, CommandOutput output)
    {
        var force = new Option<bool>("--force") { Description = "Replace a journal that is in the database already." };
        var command = new Command("move", "Copy the journal of a stopped control node from SQLite into the PostgreSQL database of its warp.conf, and check the copy.") { force };
        command.SetAction(async parsed =>
        {
            var data = connection.Data(parsed);
            var settings = Settings(data);
            var target = settings.Persistence.ConnectionString ?? throw new OperatorException(
                ExitCode.NotConfigured, $"Where to? Set {SettingKeys.Provider} = postgres and {SettingKeys.ConnectionString} in {data.ConfigFile} first; both are then used by 'warp run' too.");
            using var stopped = DataFolderLock.Take(data);
            foreach (var (table, rows) in await JournalMove.RunAsync(data.JournalFile, target, parsed.GetValue(force)))
            {
                output.Line(string.Create(CultureInfo.InvariantCulture, $"{table}: {rows} rows, read back and equal"));
            }

            await File.WriteAllTextAsync(JournalFile.MovedMarker(data), string.Create(CultureInfo.InvariantCulture, $"moved to PostgreSQL on {DateTimeOffset.UtcNow:u}\n"));
            output.Line($"The journal is in PostgreSQL now; {data.JournalFile} was not changed and is not used any more.");
            output.Line("Next: 'warp run'; then 'warp runner add NAME --address HOST --control' for each further control node.");
            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static Command Backup(ConnectionOptions connection, CommandOutput output)
    {
        var file = new Argument<string>("FILE") { Description = "Where the backup is written; replaced when it is there." };
        var command = new Command("backup", "Write a backup of the journal, also while the node runs. A journal in PostgreSQL is backed up with pg_dump.") { file };
        command.SetAction(parsed =>
        {
            var data = connection.Data(parsed);
            RequireFile(Settings(data), "pg_dump --format=custom --file=FILE DATABASE");
            var to = Path.GetFullPath(parsed.GetRequiredValue(file));
            output.Line(string.Create(CultureInfo.InvariantCulture, $"{to} holds {JournalFile.Copy(data.JournalFile, to)} events, checked."));
            output.Line($"Keep the keys with it: {data.AuthorityFolder}, and the files of {data.Root} itself; without the CA no runner is ever let in again.");
            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static Command Restore(ConnectionOptions connection, CommandOutput output)
    {
        var file = new Argument<string>("FILE") { Description = "A backup of 'warp journal backup'." };
        var command = new Command("restore", "Put a backup in the place of a stopped control node's journal; what was there is kept beside it.") { file };
        command.SetAction(parsed =>
        {
            var data = connection.Data(parsed);
            RequireFile(Settings(data), "pg_restore --clean --if-exists --dbname=DATABASE FILE");
            data.Create();
            using var stopped = DataFolderLock.Take(data);
            var (events, aside) = JournalRestore.Run(data, Path.GetFullPath(parsed.GetRequiredValue(file)), TimeProvider.System);
            output.Line(string.Create(CultureInfo.InvariantCulture, $"{data.JournalFile} holds {events} events again.{(aside is null ? "" : $" What was there is now {aside}.")}"));
            output.Line("Next: 'warp run'. Containers go on meanwhile and afterwards; 'warp runners' names those of deployments that the backup does not know.");
            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static WarpSettings Settings(DataFolder data) => SettingsLoader.Load(SettingsSources.ForProcess(data, null, []));

    private static void RequireFile(WarpSettings settings, string instead)
    {
        if (settings.Persistence.Provider == PersistenceProvider.Postgres)
        {
            throw new OperatorException(ExitCode.NotConfigured, $"The journal is in PostgreSQL, whose own tool does that: '{instead}'. See docs/control-plane.md.");
        }
    }
}
