using System.Collections.Immutable;
using System.Globalization;
using Warp.Node.Docker;

namespace Warp.Node.Diagnosis.Checks;

/// <summary>Whether there is room for what the node and the engine write.</summary>
/// <param name="dataFolder">The node's.</param>
/// <param name="engine">Knows its own.</param>
internal sealed class DiskCheck(string dataFolder, DockerEngine engine) : ICheck
{
    private const long Mebibyte = 1024 * 1024;
    private const long Low = 5 * 1024 * Mebibyte;
    private const long Empty = 512 * Mebibyte;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(3);

    /// <inheritdoc/>
    public string Name => "disk";

    /// <inheritdoc/>
    public async Task<ImmutableArray<Finding>> LookAsync(CancellationToken cancellationToken)
    {
        var info = await EngineState.ReadAsync(engine, Deadline, cancellationToken);
        var images = info.Value is { } told && Directory.Exists(told.RootFolder) ? Room("the engine's images, containers and volumes", told.RootFolder) : null;
        return [.. new[] { Room("the node's data", dataFolder), images }.OfType<DiskFacts>().Select(Judge)];
    }

    internal static Finding Judge(DiskFacts facts)
    {
        var message = string.Create(
            CultureInfo.InvariantCulture, $"{Text(facts.Free)} of {Text(facts.Size)} are free where {facts.What} are ({facts.Folder})");
        const string remedy = "make room: 'docker system df' shows what images take and 'docker image prune' removes what nobody uses, 'journalctl --vacuum-size=500M' shortens the logs";
        return facts.Free switch
        {
            var free when free < Math.Min(Empty, facts.Size / 50) => Finding.Problem("disk", message, remedy),
            var free when free < Math.Min(Low, facts.Size / 10) => Finding.Warning("disk", message, remedy),
            _ => Finding.Ok("disk", message),
        };
    }

    private static DiskFacts Room(string what, string folder)
    {
        var drive = new DriveInfo(folder);
        return new DiskFacts(what, folder, drive.AvailableFreeSpace, drive.TotalSize);
    }

    private static string Text(long bytes) =>
        bytes < 10 * 1024 * Mebibyte ? $"{bytes / Mebibyte} MiB" : $"{bytes / (1024 * Mebibyte)} GiB";
}

/// <summary>The room where something is kept.</summary>
/// <param name="What">What is kept there.</param>
/// <param name="Folder">Where.</param>
/// <param name="Free">What may still be written, in bytes.</param>
/// <param name="Size">Of the whole file system, in bytes.</param>
internal sealed record DiskFacts(string What, string Folder, long Free, long Size);
