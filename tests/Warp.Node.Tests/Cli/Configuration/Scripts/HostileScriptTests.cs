using Shouldly;
using Warp.Node.Cli.Configuration;
using Warp.Node.Cli.Configuration.Scripts;
using Warp.Node.Configuration;
using Xunit;

namespace Warp.Node.Tests.Cli.Configuration.Scripts;

/// <summary>Code that does not end, takes everything, or looks for a way out.</summary>
public sealed class HostileScriptTests : IDisposable
{
    private const string Loop = "Has a loop no end?";
    private const string Memory = "more than 64 MiB of memory";
    private const string Depth = "nested too deeply";
    private const string Pattern = "a regular expression takes more than";
    private readonly ScriptBed _bed = new();

    public void Dispose() => _bed.Dispose();

    [Theory]
    [InlineData("while (true) {}", Loop)]
    [InlineData("for (;;);", Loop)]
    [InlineData("for (;;) { try { throw 1 } catch { continue } finally { } }", "")]
    [InlineData("[3, 2, 1].sort(() => { for (;;); })", Loop)]
    [InlineData("Object.keys(new Proxy({}, { ownKeys() { for (;;); } }))", Loop)]
    [InlineData("class A { static x = (() => { for (;;); })() }", Loop)]
    [InlineData("const a = []; for (;;) a.push('x'.repeat(100000))", Memory)]
    [InlineData("let s = 'x'; for (;;) s += s", Memory)]
    [InlineData("let s = 'xxxx'; for (;;) s = `${s}${s}`", Memory)]
    [InlineData("let a = [1]; for (;;) a = a.concat(a)", Memory)]
    [InlineData("const o = {}; for (let i = 0; ; i++) o['k' + i] = i", Memory)]
    [InlineData("new Array(1e9).fill(0)", Memory)]
    [InlineData("Array.from({ length: 1e9 })", Memory)]
    [InlineData("Math.max.apply(null, { length: 1e9 })", Memory)]
    [InlineData("for (;;) { try { 'x'.repeat(1e8) } catch { } }", Memory)]
    [InlineData("(async () => { for (;;) await 1 })()", "")]
    [InlineData("const p = Promise.resolve(); function t() { p.then(t) }; t()", "")]
    [InlineData("function f() { return f() } f()", Depth)]
    [InlineData("function f() { try { f() } catch { f() } finally { f() } } f()", Depth)]
    [InlineData("const o = { get a() { return this.a } }; o.a", Depth)]
    [InlineData("const p = new Proxy({}, { get() { return p.x } }); p.x", Depth)]
    [InlineData("let a = []; for (let i = 0; i < 100000; i++) a = [a]; JSON.stringify(a)", Depth)]
    [InlineData("const a = []; a[0] = a; a.flat(Infinity)", Depth)]
    [InlineData("/^(a+)+$/.test('a'.repeat(40) + '!')", Pattern)]
    [InlineData("/^(?=(a+)+$)(a|aa)+$/.test('a'.repeat(60) + '!')", Pattern)]
    [InlineData("for (;;) { try { /^(a+)+$/.test('a'.repeat(40) + '!') } catch { } }", Pattern)]
    public void What_does_not_end_or_takes_too_much_is_ended_with_its_place(string code, string cause)
    {
        // On a loaded machine the time would be over before the memory is.
        var failure = _bed.Failure($"\n\n  {code}", cause is Memory ? ScriptLimits.Default with { Load = TimeSpan.FromMinutes(1) } : null);

        failure.ShouldMatch(@"^warp\.config\.js:3:\d+: ");
        failure.ShouldContain(cause);
    }

    [Theory]
    [InlineData("'x'.repeat(2 ** 30)", "Invalid string length")]
    [InlineData("new Uint8Array(2 ** 31 - 1)", "Array buffer allocation failed")]
    [InlineData("2n ** 1000000000n", "Maximum BigInt size exceeded")]
    [InlineData("JSON.parse('['.repeat(1e6))", "Max. depth level of JSON")]
    [InlineData("Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)", "Atomics is not defined")]
    public void One_giant_operation_is_refused(string code, string cause) => _bed.Failure(code).ShouldContain(cause);

    [Theory]
    [InlineData('[', "")]
    [InlineData('(', "1")]
    [InlineData('-', " ")]
    public void Brackets_without_end_are_an_error_and_not_the_end_of_the_process(char open, string between) =>
        _bed.Failure("var a = " + string.Concat(Enumerable.Repeat($"{open} {between}", 200_000))).ShouldContain("warp.config.js");

    [Theory]
    [InlineData("System.IO.File.ReadAllText('/etc/passwd')")]
    [InlineData("importNamespace('System')")]
    [InlineData("clr")]
    [InlineData("(function () {}).GetType()")]
    [InlineData("module.GetType()")]
    [InlineData("process.env.GetType()")]
    [InlineData("new Function('return this')()")]
    [InlineData("({}).constructor.constructor('return process')()")]
    [InlineData("eval('1')")]
    [InlineData("require('fs').readFileSync('/etc/passwd')")]
    [InlineData("require('child_process')")]
    [InlineData("process.binding('fs')")]
    [InlineData("process.exit(1)")]
    [InlineData("process.mainModule.require('fs')")]
    [InlineData("fetch('http://127.0.0.1/')")]
    [InlineData("new XMLHttpRequest()")]
    [InlineData("setTimeout(() => {}, 1)")]
    [InlineData("new Worker('x')")]
    [InlineData("new ShadowRealm().importValue('fs', 'x')")]
    [InlineData("Deno.readTextFileSync('/etc/passwd')")]
    public void There_is_no_way_to_the_host(string code) => _bed.Failure($"module.exports = {{ container: String({code}) }}").ShouldMatch(@"^warp\.config\.js:(1:\d+:)? ");

    [Fact]
    public void Nor_is_there_by_loading_another_module() =>
        _bed.Failure("import('fs').then(fs => fs.readFileSync('/etc/passwd'), () => {}); module.exports = {}").ShouldBe("warp.config.js:1:1: a configuration file stands alone and imports nothing. Write what you need into it");

    [Fact]
    public void A_file_of_many_megabytes_is_not_even_read() => _bed.Failure(new string(' ', 5_000_000)).ShouldContain("4194304 are allowed");

    [Fact]
    public void What_a_file_prints_is_bounded() =>
        _bed.Read("for (let i = 0; i < 1e4; i++) console.log('x'.repeat(1e3) + i); module.exports = { container: 'a' }").Notes.Sum(note => note.Length).ShouldBeLessThan(100_000);

    [Theory]
    [InlineData("() => { for (;;); }", Loop)]
    [InlineData("path => { function f() { return f() } return f() }", Depth)]
    [InlineData("path => { const a = []; for (;;) a.push('x'.repeat(100000)) }", Memory)]
    [InlineData("/^([a-z/]+)+$/", Pattern)]
    [InlineData("async path => true", "may not be async")]
    [InlineData("path => path.missing.name", "Cannot read properties of undefined")]
    [InlineData("path => process.env.HOME.length", "Cannot read properties of undefined")]
    public void What_a_file_left_behind_is_limited_each_time_it_is_called(string code, string cause)
    {
        var rule = Rule(code);

        for (var i = 0; i < 2; i++)
        {
            var failure = Should.Throw<OperatorException>(() => rule.Matches(new string('a', 60) + "!", "/x"));
            failure.ExitCode.ShouldBe(ExitCode.Usage);
            failure.Message.ShouldContain(cause);
            failure.Message.ShouldStartWith(_bed.File);
        }
    }

    [Fact]
    public void All_calls_together_are_limited_too()
    {
        var rule = Rule("() => true", new ScriptLimits { AllCalls = TimeSpan.FromMilliseconds(1) });

        var failure = Should.Throw<OperatorException>(() => { while (rule.Matches("a", "/a")) { } });

        failure.Message.ShouldContain("took more than 0 s together");
    }

    [Fact]
    public void An_operation_that_cannot_be_interrupted_is_given_up()
    {
        var limits = new ScriptLimits { Load = TimeSpan.FromMilliseconds(50), Patience = TimeSpan.Zero, Memory = long.MaxValue - 1 };

        _bed.Failure("'x'.repeat(2e6).replace(/x/g, 'y')", limits).ShouldContain("given up");
    }

    private IPathRule Rule(string code, ScriptLimits? limits = null) =>
        ((ConfigObject)_bed.Read($"module.exports = {{ rule: {code} }}", limits).Root)["rule"].ShouldBeOfType<ConfigRule>().Rule;
}
