using System.Text.Json;
using Warp.Lab.Machines;

namespace Warp.Lab.Cleaning;

/// <summary>What a lab writes down about itself, so that another process can enter its machines or clear up after its death.</summary>
/// <param name="Id">The lab's id; also the name of its folder and of its control group.</param>
/// <param name="Owner">The process that holds the lab.</param>
/// <param name="Machines">Process 1 of each machine, by name.</param>
internal sealed record LabRecord(string Id, ProcessIdentity Owner, IReadOnlyDictionary<string, ProcessIdentity> Machines)
{
    private const string FileName = "lab.json";

    /// <summary>The group of the lab's containers, relative to a hierarchy's root.</summary>
    public string ControlGroup => ControlGroupOf(Id);

    public static string ControlGroupOf(string id) => $"warp-lab/{id}";

    /// <summary>Writes it into the lab's folder, at once or not at all.</summary>
    public async Task SaveAsync(string folder)
    {
        var file = Path.Combine(folder, FileName);
        await File.WriteAllTextAsync(file + ".new", JsonSerializer.Serialize(this));
        File.Move(file + ".new", file, overwrite: true);
    }

    /// <summary>Every lab below the root, with its folder.</summary>
    public static IEnumerable<(string Folder, LabRecord Record)> All(string root) =>
        from folder in Directory.Exists(root) ? Directory.GetDirectories(root) : []
        let record = Read(folder)
        where record is not null
        select (folder, record);

    private static LabRecord? Read(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize<LabRecord>(File.ReadAllText(Path.Combine(folder, FileName)));
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }
}
