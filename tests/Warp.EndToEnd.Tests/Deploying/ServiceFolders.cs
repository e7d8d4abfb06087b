using Warp.Lab;

namespace Warp.EndToEnd.Tests.Deploying;

/// <summary>Folders as a developer has them, each with the files of one service; gone after the test.</summary>
public sealed class ServiceFolders(WarpLab lab) : IDisposable
{
    private readonly string _root = Directory.CreateDirectory(Path.Combine(lab.Folder, $"project-{Guid.NewGuid():n}")).FullName;

    /// <summary>Makes a folder with files.</summary>
    /// <returns>Its full path.</returns>
    public string Add(string name, params IReadOnlyList<(string File, string Content)> files)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_root, name)).FullName;
        foreach (var (file, content) in files)
        {
            File.WriteAllText(Path.Combine(folder, file), content);
        }

        return folder;
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_root, recursive: true);
}
