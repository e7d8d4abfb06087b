using System.Globalization;
using Warp.Lab.Machines;

namespace Warp.Lab.Cleaning;

/// <summary>Removes what labs leave: the folder and the control groups. Everything else ends with a lab's machines, which end with its process.</summary>
internal static class LabCleaner
{
    /// <summary>Removes the labs whose process has ended.</summary>
    /// <returns>The ids of the labs that were removed.</returns>
    public static async Task<IReadOnlyList<string>> CleanAsync(string root)
    {
        var removed = new List<string>();
        foreach (var (folder, record) in LabRecord.All(root).Where(lab => !lab.Record.Owner.IsAlive).ToList())
        {
            await RemoveAsync(folder, record);
            removed.Add(record.Id);
        }

        return removed;
    }

    /// <summary>Removes one lab, whose machines may just be ending.</summary>
    public static async Task RemoveAsync(string folder, LabRecord record)
    {
        foreach (var init in record.Machines.Values.Where(init => init.IsAlive))
        {
            await Tool.RunAsync(["kill", "-s", "KILL", init.Pid.ToString(CultureInfo.InvariantCulture)]);
        }

        await HostControlGroups.RemoveAsync(record.ControlGroup);

        // rm, because it also gets through what containers made unreadable or immutable in odd ways, and says what it cannot.
        (await Tool.RunAsync(["rm", "-rf", "--one-file-system", folder])).Ensure();
    }
}
