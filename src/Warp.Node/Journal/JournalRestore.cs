using System.Globalization;
using Warp.Node.Configuration;

namespace Warp.Node.Journal;

/// <summary>Puts a backup in the place of the embedded journal.</summary>
internal static class JournalRestore
{
    private static readonly string[] Parts = ["", "-wal", "-shm"];

    /// <summary>Does it; what was there is kept beside it.</summary>
    /// <param name="data">Of a node that does not run.</param>
    /// <param name="backup">The backup.</param>
    /// <param name="time">For the name of what is kept.</param>
    /// <returns>How many events the journal has now, and where the one before is; null when there was none.</returns>
    /// <exception cref="OperatorException">The backup is damaged, or the files cannot be written; the journal is as it was.</exception>
    public static (long Events, string? Aside) Run(DataFolder data, string backup, TimeProvider time)
    {
        var beside = $"{data.JournalFile}.restored";
        var events = JournalFile.Copy(backup, beside);
        var aside = File.Exists(data.JournalFile) ? string.Create(CultureInfo.InvariantCulture, $"{data.JournalFile}.before-{time.GetUtcNow():yyyyMMdd-HHmmss}") : null;
        try
        {
            foreach (var part in Parts.Where(part => File.Exists(data.JournalFile + part)))
            {
                File.Move(data.JournalFile + part, aside + part);
            }

            File.Move(beside, data.JournalFile);
            File.Delete(JournalFile.MovedMarker(data)); // From now on the file is the journal.
            return (events, aside);
        }
        catch (IOException failure)
        {
            throw new OperatorException(ExitCode.System, $"{data.JournalFile} cannot be replaced: {failure.Message}", failure);
        }
    }
}
