using Shouldly;
using Warp.Node.Cli.Configuration;
using Warp.Node.Cli.Configuration.Scripts;

namespace Warp.Node.Tests.Cli.Configuration.Scripts;

/// <summary>A folder for one test's warp.config.js.</summary>
internal sealed class ScriptBed : IDisposable
{
    public TemporaryFolder Folder { get; } = new();

    public string File => Folder["warp.config.js"];

    public ConfigDocument Read(string code, ScriptLimits? limits = null)
    {
        System.IO.File.WriteAllText(File, code);
        return ScriptFile.Read(File, limits ?? ScriptLimits.Default);
    }

    /// <summary>The value as JSON.</summary>
    public string Json(string code) => Read(code).Root.ToJson()!.ToJsonString();

    /// <summary>Why the code fails; the file's folder is left out.</summary>
    public string Failure(string code, ScriptLimits? limits = null) =>
        Should.Throw<ScriptException>(() => Read(code, limits)).Message.Replace(Folder.Path + "/", "", StringComparison.Ordinal);

    public void Dispose() => Folder.Dispose();
}
