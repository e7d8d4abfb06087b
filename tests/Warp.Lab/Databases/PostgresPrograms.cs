namespace Warp.Lab.Databases;

/// <summary>Where Debian puts PostgreSQL's programs, and who may run its server.</summary>
internal static class PostgresPrograms
{
    private const string Owner = "postgres";

    /// <summary>The words before a command that the server's user is to run: root may not.</summary>
    public static IReadOnlyList<string> AsUser => Environment.IsPrivilegedProcess ? ["setpriv", $"--reuid={Owner}", $"--regid={Owner}", "--clear-groups", "--"] : [];

    /// <summary>The program's path: the newest version's, else that on the path.</summary>
    public static string Find(string program) =>
        (Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql") : [])
            .OrderDescending(StringComparer.Ordinal).Select(version => Path.Combine(version, "bin", program)).FirstOrDefault(File.Exists) ?? program;

    /// <summary>Makes a folder and all in it the server's.</summary>
    public static async Task GiveAsync(string folder)
    {
        if (Environment.IsPrivilegedProcess)
        {
            (await Tool.RunAsync(["chown", "--recursive", Owner, folder])).Ensure();
        }
    }
}
