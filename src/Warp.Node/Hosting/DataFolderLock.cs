using Warp.Node.Configuration;

namespace Warp.Node.Hosting;

/// <summary>Sees to it that one process at a time works in a data folder: two on one journal would damage it. The kernel gives the lock back when the process ends, however it ends.</summary>
internal static class DataFolderLock
{
    /// <summary>Takes the lock until disposed.</summary>
    /// <exception cref="OperatorException">Another process has it.</exception>
    public static IDisposable Take(DataFolder data)
    {
        var file = Path.Combine(data.StateFolder, "lock");
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException failure)
        {
            throw new OperatorException(ExitCode.Unavailable, $"Another 'warp run' works in {data.Root}, or {file} cannot be opened: {failure.Message}", failure);
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new OperatorException(ExitCode.System, $"{file} cannot be opened: {failure.Message} Run as root.", failure);
        }
    }
}
