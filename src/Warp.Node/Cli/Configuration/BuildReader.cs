
namespace Warp.Node.Cli.Configuration;

/// <summary>Reads what an image is built from: <c>build</c>, and the older spellings of its attributes.</summary>
/// <param name="folder">The file's folder, which paths are relative to.</param>
/// <param name="origin">For messages.</param>
/// <param name="problems">Where they go.</param>
internal sealed class BuildReader(string folder, FieldOrigins origin, ConfigProblems problems)
{
    private const string DefaultDockerfile = "Dockerfile";

    /// <summary>Whether a folder without any word about images can be built.</summary>
    public static bool HasDockerfile(string folder) => File.Exists(Path.Combine(folder, DefaultDockerfile));

    /// <summary>A build with all defaults.</summary>
    public static BuildConfig Default(string folder) => new(folder, Path.Combine(folder, DefaultDockerfile), null, null);

    /// <summary>Null when the service's configuration says nothing about a build.</summary>
    public BuildConfig? Read(ConfigObject service)
    {
        var build = service["build"];
        if (build is not (null or ConfigObject))
        {
            problems.Error(origin.AtAttribute("build", $"an object is expected, such as {{ context: \".\" }}, not {build.Kind}"));
            return null;
        }

        var given = build as ConfigObject ?? ConfigObject.Empty;
        var deployment = service["deployment"] as ConfigObject ?? ConfigObject.Empty;
        var (dockerfile, dockerfilePath) = OneOf(("build.dockerfile", given["dockerfile"]), ("dockerfile", service["dockerfile"]));
        var (include, includePath) = OneOf(("build.include", given["include"]), ("deployment.include", deployment["include"]));
        var (exclude, excludePath) = OneOf(("build.exclude", given["exclude"]), ("deployment.exclude", deployment["exclude"]));
        if (build is null && dockerfile is null && include is null && exclude is null)
        {
            return null;
        }

        var context = Path.GetFullPath(Text(given["context"], "build.context") ?? ".", folder);
        return new BuildConfig(
            Path.TrimEndingDirectorySeparator(context), Dockerfile(Text(dockerfile, dockerfilePath), context), Rule(include, includePath), Rule(exclude, excludePath));
    }

    // Relative to the configuration file, as every path in it; many write it relative to the context, as the engine's own tools take it.
    private string Dockerfile(string? written, string context)
    {
        var (beside, within) = (Path.GetFullPath(written ?? DefaultDockerfile, folder), Path.GetFullPath(written ?? DefaultDockerfile, context));
        return written is not null && File.Exists(beside) ? beside : within;
    }

    private (ConfigValue? Value, string Path) OneOf((string Path, ConfigValue? Value) newer, (string Path, ConfigValue? Value) older)
    {
        if (newer.Value is not null && older.Value is not null)
        {
            problems.Error(origin.AtAttribute(older.Path, $"this is an older spelling of '{newer.Path}', which is there too: keep one"));
        }

        return newer.Value is null ? (older.Value, older.Path) : (newer.Value, newer.Path);
    }

    private string? Text(ConfigValue? value, string path)
    {
        if (value is not (null or ConfigText { Text.Length: > 0 }))
        {
            problems.Error(origin.AtAttribute(path, $"a path is expected, relative to the configuration file, not {value.Kind}"));
        }

        return (value as ConfigText)?.Text is { Length: > 0 } text ? text : null;
    }

    private IPathRule? Rule(ConfigValue? value, string path)
    {
        switch (value)
        {
            case null:
                return null;
            case ConfigRule rule:
                return rule.Rule;
            case ConfigText { Text: { Length: > 0 } text } when Path.IsPathRooted(text):
                return new AbsolutePathRule(text.Length > 1 ? text.TrimEnd('/') : text);
            case ConfigList list:
                return new AnyPathRule([.. list.Items.Select((item, index) => Rule(item, $"{path}[{index}]")).OfType<IPathRule>()]);
            default:
                problems.Error(origin.AtAttribute(
                    path, $"a regular expression, an absolute path (such as `${{__dirname}}/src`), a function or an array of these is expected, not {(value is ConfigText ? "a relative path" : value.Kind)}"));
                return null;
        }
    }
}
