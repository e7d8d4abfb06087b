using System.Text;
using Acornima;
using Jint;
using Jint.Native;
using Jint.Native.Function;
using Jint.Native.Object;

namespace Warp.Node.Cli.Configuration.Scripts;

/// <summary>A configuration in JavaScript: a CommonJS module (or a module with <c>export default</c>) whose value is an object, an array of objects, or a function that returns one.</summary>
internal static class ScriptFile
{
    /// <summary>Runs the file.</summary>
    /// <exception cref="ScriptException">The code failed, or took more than is allowed.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Nor may it.</exception>
    public static ConfigDocument Read(string file, ScriptLimits limits)
    {
        if (new FileInfo(file) is { Exists: true } info && info.Length > limits.FileSize)
        {
            throw new ScriptException($"{file}: the file has {info.Length} bytes, {limits.FileSize} are allowed; put large content into images or volumes");
        }

        var code = File.ReadAllText(file, Encoding.UTF8);
        var runtime = new ScriptRuntime(file, limits);
        return runtime.Load(engine => Run(engine, runtime, file, code));
    }

    private static ConfigDocument Run(Engine engine, ScriptRuntime runtime, string file, string code)
    {
        var places = ScriptPlaces.Of(Parse(code, out var isModule));
        engine.SetValue("__filename", file).SetValue("__dirname", Path.GetDirectoryName(file) ?? "/");
        var prelude = engine.Evaluate(ScriptPrelude.Code, ScriptPrelude.Source).AsObject();
        var exported = isModule ? Import(engine, file, code) : Require(engine, prelude, file, code);
        if (exported is Function function)
        {
            exported = engine.Call(function, JsValue.Undefined, []);
        }

        var value = new ScriptValues(runtime).Read(exported, "", file);
        return value switch
        {
            ConfigObject or ConfigList => new ConfigDocument(file, value, places, Notes(file, prelude)),
            _ => throw new ScriptException($"{file}: the file exports {value?.Kind ?? "nothing"}; it is to export an object, as in: module.exports = {{ container: \"app\" }}"),
        };
    }

    private static Acornima.Ast.Program Parse(string code, out bool isModule)
    {
        isModule = false;
        try
        {
            return new Parser().ParseScript(code);
        }
        catch (ParseErrorException)
        {
            try
            {
                isModule = true;
                return new Parser().ParseModule(code);
            }
            catch (ParseErrorException) when (!code.Contains("export", StringComparison.Ordinal))
            {
                // Not a module either: what is wrong with it as a script is said below.
            }
        }

        return new Parser().ParseScript(code);
    }

    private static JsValue Require(Engine engine, ObjectInstance prelude, string file, string code)
    {
        _ = engine.Execute(code, file);
        var exported = prelude.Get("module").AsObject().Get("exports");
        return ReferenceEquals(exported, prelude.Get("exports")) && exported.AsObject().GetOwnPropertyKeys().Count == 0 ? JsValue.Undefined : exported;
    }

    private static JsValue Import(Engine engine, string file, string code)
    {
        engine.Modules.Add(file, code);
        return engine.Modules.Import(file).Get("default");
    }

    private static List<string> Notes(string file, ObjectInstance prelude)
    {
        var notes = new List<string>();
        foreach (var note in prelude.Get("notes").AsArray().Select(item => item.AsObject()))
        {
            var text = note.Get("text").AsString();
            notes.Add(note.Get("kind").AsString() is "env"
                ? $"{file}: process.env.{text} is undefined in a configuration file; to take a variable from your shell, write {text}: {{ local: true }} under 'variables'"
                : $"{file}: console: {text}");
        }

        return [.. notes.Distinct(StringComparer.Ordinal)];
    }
}
