using Microsoft.Extensions.Logging;

namespace Warp.Node.Ingress.Certificates;

/// <summary>Tells when something in a folder changes (inotify(7)). It makes things quicker and nothing more: who depends on the folder also looks by itself from time to time.</summary>
internal static class FolderWatch
{
    /// <summary>Makes the folder if it is missing, and begins.</summary>
    /// <returns>What ends it; null when the kernel or the disk refuses, which is logged.</returns>
    public static IDisposable? Begin(string folder, Action changed, ILogger log)
    {
        try
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            var watcher = new FileSystemWatcher(folder);
            watcher.Changed += (_, _) => changed();
            watcher.Created += (_, _) => changed();
            watcher.Deleted += (_, _) => changed();
            watcher.Renamed += (_, _) => changed();
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            log.LogWarning("{Folder} cannot be watched, it is looked at from time to time: {Problem}", folder, failure.Message);
            return null;
        }
    }
}
