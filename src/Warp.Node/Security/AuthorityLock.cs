using Warp.Node.Configuration;

namespace Warp.Node.Security;

/// <summary>One issue of a certificate at a time, also among several processes: the record is read, then written.</summary>
internal static class AuthorityLock
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits for its turn; disposing ends it, and so does the end of the process.</summary>
    /// <exception cref="OperatorException">Another process keeps the lock, or the folder cannot be written.</exception>
    public static IDisposable Take(DataFolder data)
    {
        var file = Path.Combine(data.AuthorityFolder, "lock");
        var end = TimeProvider.System.GetUtcNow() + Patience;
        while (true)
        {
            try
            {
                return new FileStream(file, new FileStreamOptions
                {
                    Mode = FileMode.OpenOrCreate,
                    Access = FileAccess.ReadWrite,
                    Share = FileShare.None,
                    UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                });
            }
            catch (IOException) when (TimeProvider.System.GetUtcNow() < end)
            {
                Thread.Sleep(Pause);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                throw new OperatorException(ExitCode.System, $"{file} cannot be locked: {failure.Message}", failure);
            }
        }
    }
}
