namespace Warp.Lab.Images;

/// <summary>The image archives that the repository's scripts build once and keep.</summary>
public static class ImageArchives
{
    private static readonly TimeSpan BuildTime = TimeSpan.FromMinutes(15);

    /// <summary>The repository's folder.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>The example's two images: shop-app and shop-db.</summary>
    public static Task<IReadOnlyList<string>> ShopAsync() => BuildAsync(Path.Combine(Repository, "examples/shop/build.sh"));

    /// <summary>The test peer's image, with the program that lies beside this one.</summary>
    public static Task<IReadOnlyList<string>> TestPeerAsync() =>
        BuildAsync(Path.Combine(Repository, "tests/Warp.TestPeer/build-image.sh"), AppContext.BaseDirectory);

    /// <summary>Well-known servers and clients from Debian, all in one image: warp-applications.</summary>
    public static Task<IReadOnlyList<string>> ApplicationsAsync() => BuildAsync(Path.Combine(Repository, "tests/Warp.Lab/Images/applications/build-image.sh"));

    private static async Task<IReadOnlyList<string>> BuildAsync(params IReadOnlyList<string> command) =>
        (await Tool.RunAsync(command, BuildTime)).Ensure().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Warp.Actors.sln")))
            {
                return folder.FullName;
            }
        }

        throw new LabException($"{AppContext.BaseDirectory} does not lie in the repository, whose scripts and examples are needed");
    }
}
