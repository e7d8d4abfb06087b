using Warp.Node.Configuration;

namespace Warp.Node.Journal;

/// <summary>Sees to it that a control node works from the journal that holds its deployments, and from no other.</summary>
internal static class JournalPlace
{
    /// <summary>Before a control node starts.</summary>
    /// <exception cref="OperatorException">The journal that the settings name is not the one in use.</exception>
    public static void Prepare(WarpSettings settings)
    {
        if (settings.Persistence.Provider == PersistenceProvider.Sqlite)
        {
            PrepareFile(settings);
        }
        else if (File.Exists(settings.Data.JournalFile) && !File.Exists(JournalFile.MovedMarker(settings.Data)))
        {
            throw new OperatorException(
                ExitCode.NotConfigured,
                $"{settings.Data.JournalFile} holds a journal that was not moved: with an empty database this node would know none of its deployments. Run 'warp journal move', "
                + "or move the file away if it is not needed.");
        }
    }

    private static void PrepareFile(WarpSettings settings)
    {
        var marker = JournalFile.MovedMarker(settings.Data);
        if (!settings.Node.Founder)
        {
            throw new OperatorException(
                ExitCode.NotConfigured,
                $"'{settings.Node.Runner}' is a further control node, and all control nodes share one journal in PostgreSQL. Set {SettingKeys.Provider}, {SettingKeys.ConnectionString} and "
                + $"{SettingKeys.ControlNodes} in {settings.Data.ConfigFile} to what they are on the first one.");
        }

        if (File.Exists(marker))
        {
            throw new OperatorException(
                ExitCode.NotConfigured,
                $"The journal was moved to PostgreSQL (see {marker}), and {SettingKeys.Provider} is sqlite: the file knows nothing of what was deployed since. Set it to postgres, or remove "
                + $"{marker} to go back to the file as it was.");
        }

        JournalFile.Prepare(settings.Data);
    }
}
