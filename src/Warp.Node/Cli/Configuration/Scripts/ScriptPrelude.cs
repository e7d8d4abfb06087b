namespace Warp.Node.Cli.Configuration.Scripts;

/// <summary>What a file finds around it: the CommonJS names, and stand-ins for those of Node.js that say what to do instead. Nothing of the machine is behind any of them.</summary>
internal static class ScriptPrelude
{
    /// <summary>The name under which it appears in stack traces.</summary>
    public const string Source = "warp";

    /// <summary>Evaluates to an object with the file's <c>module</c>, its untouched <c>exports</c> and the list of <c>notes</c>.</summary>
    public const string Code = """
        (() => {
          "use strict";
          const notes = [];
          const add = Array.prototype.push.bind(notes);
          const note = (kind, text) => { if (notes.length < 100) add({ kind, text: String(text).slice(0, 500) }); };
          const exports = {};
          const module = { exports };
          const define = (name, value) => Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
          define("module", module);
          define("exports", exports);
          define("require", name => {
            throw new Error(`require(${JSON.stringify(String(name))}): a configuration file stands alone and loads nothing. Write what you need into it; __dirname is the file's folder, as in \`${"${__dirname}"}/src\``);
          });
          define("process", Object.freeze({
            env: new Proxy(Object.freeze({}), { get(_, name) { if (typeof name === "string") note("env", name); } }),
          }));
          const print = (...values) => note("console", values.map(String).join(" "));
          define("console", Object.freeze({ log: print, info: print, warn: print, error: print, debug: print }));
          for (const name of ["Atomics", "SharedArrayBuffer", "WebAssembly"]) delete globalThis[name];
          return { module, exports, notes };
        })()
        """;
}
