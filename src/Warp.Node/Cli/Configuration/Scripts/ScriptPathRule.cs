using Jint;
using Jint.Native;
using Jint.Native.Object;
using Jint.Runtime;

namespace Warp.Node.Cli.Configuration.Scripts;

/// <summary>A regular expression, tested against the path within the context, or a function, called with the full path and the path within the context.</summary>
internal sealed class ScriptPathRule(ScriptRuntime runtime, ObjectInstance code, bool isExpression) : IPathRule
{
    public bool Matches(string relative, string absolute)
    {
        try
        {
            return runtime.Call(engine => isExpression ? Test(engine, relative) : Ask(engine, relative, absolute));
        }
        catch (ScriptException failure)
        {
            throw failure.ForOperator();
        }
    }

    private bool Test(Engine engine, string relative)
    {
        // With the flags g and y an expression begins where its last match ended.
        code.Set("lastIndex", 0);
        return TypeConverter.ToBoolean(engine.Call(code.Get("test"), code, [new JsString(relative)]));
    }

    private bool Ask(Engine engine, string relative, string absolute)
    {
        var answer = engine.Call(code, JsValue.Undefined, [new JsString(absolute), new JsString(relative)]);
        return answer.IsPromise()
            ? throw new JavaScriptException("a function for 'include' or 'exclude' answers at once with true or false: it may not be async")
            : TypeConverter.ToBoolean(answer);
    }
}
