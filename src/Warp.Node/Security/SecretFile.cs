using Warp.Node.Configuration;

namespace Warp.Node.Security;

/// <summary>Files that hold keys: written as a whole or not at all, readable by the owner only from their first byte on.</summary>
internal static class SecretFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    /// <summary>Writes beside the target, forces it to disk and renames; mode 0600.</summary>
    /// <exception cref="OperatorException">The file cannot be written.</exception>
    public static void Write(string path, string content)
    {
        var beside = $"{path}.{Environment.ProcessId}.new";
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnly };
            using (var stream = new FileStream(beside, options))
            {
                using (var writer = new StreamWriter(stream, leaveOpen: true))
                {
                    writer.Write(content);
                }

                stream.Flush(flushToDisk: true);
            }

            File.Move(beside, path, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            File.Delete(beside);
            throw new OperatorException(ExitCode.System, $"{path} cannot be written: {failure.Message}", failure);
        }
    }

    /// <summary>Reads the text after looking at who else could.</summary>
    /// <exception cref="OperatorException">It is not there, cannot be read, or is open to others.</exception>
    public static string Read(string path)
    {
        try
        {
            if ((File.GetUnixFileMode(path) & Others) is var open && open != UnixFileMode.None)
            {
                throw new OperatorException(
                    ExitCode.NotConfigured,
                    $"{path} can be read or changed by other users ({open}). It holds a private key: close it with 'chmod 600 {path}', and if somebody may have read it, issue a new one.");
            }

            return File.ReadAllText(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new OperatorException(ExitCode.NotConfigured, $"{path} cannot be read: {failure.Message}", failure);
        }
    }
}
