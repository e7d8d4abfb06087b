using System.Text.Json.Nodes;
using Shouldly;
using Warp.Node.Cli.Deploying;
using Warp.Node.Configuration;

namespace Warp.Node.Tests.Cli.Configuration;

/// <summary>A folder <c>app</c> with one configuration, read as <c>warp deploy</c> does.</summary>
internal sealed class ConfigBed : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ConfigBed() => Directory.CreateDirectory(_folder["app"]);

    public Dictionary<string, string> Shell { get; } = new(StringComparer.Ordinal);

    public string Folder => _folder["app"];

    public string Path(string name) => System.IO.Path.Combine(Folder, name);

    public void Write(string name, string content)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path(name))!);
        File.WriteAllText(Path(name), content);
    }

    public DeployInput Read(DeployOverrides? overrides = null) => DeployInput.Read([Folder], null, overrides ?? DeployOverrides.None, Shell.GetValueOrDefault);

    /// <summary>Reads a warp.config.js.</summary>
    public DeployInput Js(string code)
    {
        Write("warp.config.js", code);
        return Read();
    }

    /// <summary>The one service of a warp.config.js that exports this object, as the API's entry.</summary>
    public JsonObject Entry(string content) => Js($"module.exports = {content}").Services.ShouldHaveSingleItem().Entry;

    /// <summary>Why a warp.config.js is refused; the folder is left out.</summary>
    public string Refusal(string code)
    {
        var failure = Should.Throw<OperatorException>(() => Js(code));
        failure.ExitCode.ShouldBe(ExitCode.Usage);
        return Short(failure.Message);
    }

    public string Short(string text) => text.Replace(Folder + "/", "", StringComparison.Ordinal);

    public void Dispose() => _folder.Dispose();
}
