using System.Globalization;
using Warp.Node.Cli.Configuration.Scripts;
using Warp.Node.Configuration;

namespace Warp.Node.Cli.Configuration;

/// <summary>Finds and reads the services of a folder: its <c>warp.config.js</c> or <c>warp.config.json</c>, or only its Dockerfile.</summary>
internal static class ConfigFolder
{
    /// <summary>The file in JavaScript.</summary>
    public const string ScriptName = "warp.config.js";

    /// <summary>The same in JSON.</summary>
    public const string JsonName = "warp.config.json";

    /// <summary>Reads a folder's services, or those of a file that is named itself.</summary>
    /// <param name="path">Full path.</param>
    /// <param name="local">Looks into the environment of who deploys.</param>
    /// <param name="problems">Where what is wrong with their content goes.</param>
    /// <exception cref="OperatorException">There is nothing to read, or it cannot be read.</exception>
    public static IReadOnlyList<ServiceConfig> Read(string path, Func<string, string?> local, ConfigProblems problems)
    {
        var folder = Directory.Exists(path) ? path : Path.GetDirectoryName(path) ?? "/";
        var document = File.Exists(path) ? ReadFile(path) : Find(path) is { } file ? ReadFile(file) : new ConfigDocument(path, ConfigObject.Empty, new ConfigPlaces(), []);
        foreach (var note in document.Notes)
        {
            problems.Warn(note);
        }

        var reader = new ServiceConfigReader(folder, new VariablesReader(local), problems);
        return document.Root switch
        {
            ConfigObject service => [reader.Read(service, new FieldOrigins(document, ""))],
            ConfigList { Items.IsEmpty: false } list => [.. list.Items.Select((item, index) => Item(item, index, document, reader, problems)).OfType<ServiceConfig>()],
            _ => throw new OperatorException(ExitCode.Usage, $"{document.File}: the array is empty; it is to hold one object for each service."),
        };
    }

    private static ServiceConfig? Item(ConfigValue item, int index, ConfigDocument document, ServiceConfigReader reader, ConfigProblems problems)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"[{index}]");
        if (item is ConfigObject service)
        {
            return reader.Read(service, new FieldOrigins(document, path));
        }

        problems.Error(document.At(path, $"an object with a service is expected, not {item.Kind}"));
        return null;
    }

    private static string? Find(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new OperatorException(ExitCode.NotFound, $"There is no file or folder {folder}.");
        }

        var (script, json) = (Path.Combine(folder, ScriptName), Path.Combine(folder, JsonName));
        return (File.Exists(script), File.Exists(json)) switch
        {
            (true, true) => throw new OperatorException(ExitCode.Usage, $"{folder} has a {ScriptName} and a {JsonName}: keep one."),
            (true, _) => script,
            (_, true) => json,
            _ when BuildReader.HasDockerfile(folder) => null,
            _ => throw new OperatorException(
                ExitCode.NotFound,
                $"{folder} has neither a {ScriptName} nor a Dockerfile. Write one of them, such as: module.exports = {{ container: \"{ServiceConfigReader.DefaultName(folder)}\", image: {{ name: \"...\" }} }}"),
        };
    }

    /// <summary>Reads one file, in the language that its name ends with.</summary>
    /// <exception cref="OperatorException">It cannot be read; the message names the place.</exception>
    public static ConfigDocument ReadFile(string file)
    {
        try
        {
            return Path.GetExtension(file) is ".json" ? JsonConfigFile.Read(file) : ScriptFile.Read(file, ScriptLimits.Default);
        }
        catch (ScriptException failure)
        {
            throw failure.ForOperator();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new OperatorException(ExitCode.Usage, $"{file} cannot be read: {failure.Message}", failure);
        }
    }
}
