namespace Warp.Bench.Compare;

/// <summary>Runs programs to their end.</summary>
internal static class Command
{
    /// <summary>Runs one and returns what it printed.</summary>
    /// <exception cref="BenchException">It failed.</exception>
    internal static async Task<string> RunAsync(IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        using var process = BenchProcess.Launch(command);
        process.StandardInput.Close();
        try
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0
                ? await output + await error
                : throw new BenchException($"'{string.Join(' ', command)}' failed: {(await error).Trim()}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>Where a program is; null when it is not installed.</summary>
    internal static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>This program with arguments.</summary>
    internal static IReadOnlyList<string> Self(params IEnumerable<string> arguments)
    {
        var program = Environment.ProcessPath!;
        return Path.GetFileName(program) is "dotnet" ? [program, typeof(Command).Assembly.Location, .. arguments] : [program, .. arguments];
    }
}
