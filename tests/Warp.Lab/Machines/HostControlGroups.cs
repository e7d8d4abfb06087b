namespace Warp.Lab.Machines;

/// <summary>The host's control groups, which container engines need and which a bare virtual machine may not have mounted.</summary>
internal static class HostControlGroups
{
    private const string Root = "/sys/fs/cgroup";

    /// <summary>Mounts them (version 1, one hierarchy a controller) when no control group is mounted at all.</summary>
    public static async Task EnsureMountedAsync()
    {
        var mounts = await File.ReadAllLinesAsync("/proc/mounts");
        if (mounts.Any(line => line.Split(' ')[2] is "cgroup" or "cgroup2"))
        {
            return;
        }

        (await Tool.RunAsync(["mount", "-t", "tmpfs", "-o", "mode=755", "cgroup", Root])).Ensure();
        foreach (var controller in await EnabledControllersAsync())
        {
            var folder = Directory.CreateDirectory(Path.Combine(Root, controller)).FullName;
            (await Tool.RunAsync(["mount", "-t", "cgroup", "-o", controller, "cgroup", folder])).Ensure();
        }
    }

    /// <summary>Removes every (by now empty) group below the lab's own, in whichever hierarchies it has one.</summary>
    /// <param name="path">Relative to a hierarchy's root, such as <c>warp-lab/1a2b</c>.</param>
    public static async Task RemoveAsync(string path)
    {
        foreach (var group in Hierarchies().Select(root => Path.Combine(root, path)).Where(Directory.Exists))
        {
            // The kernel refuses while an ended process is still being taken away.
            await Poll.UntilAsync($"removal of {group}", TimeSpan.FromSeconds(10), () => Task.FromResult(RemoveTree(group)));
        }
    }

    private static IEnumerable<string> Hierarchies() => Directory.Exists(Root) ? [Root, .. Directory.EnumerateDirectories(Root)] : [];

    private static bool RemoveTree(string group)
    {
        foreach (var child in Directory.EnumerateDirectories(group))
        {
            RemoveTree(child);
        }

        // Not recursive: the files of a group cannot be deleted and go with it.
        Directory.Delete(group, recursive: false);
        return true;
    }

    private static async Task<IEnumerable<string>> EnabledControllersAsync() =>
        (await File.ReadAllLinesAsync("/proc/cgroups"))
            .Where(line => !line.StartsWith('#'))
            .Select(line => line.Split('\t'))
            .Where(fields => fields[3] is "1")
            .Select(fields => fields[0]);
}
