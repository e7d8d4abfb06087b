using System.Diagnostics;
using System.Globalization;
using Warp.Node.Interception;

namespace Warp.Bench.Scale.Rules;

/// <summary>
/// Keeps the rules of a runner, in the network namespace it was started in. It obeys lines of standard input and answers each with microseconds: <c>deployments N</c> brings so many into
/// force, <c>change</c> gives a service of the last one another container, <c>verify</c> looks whether the kernel still has everything.
/// </summary>
internal static class RulesHost
{
    /// <summary>Runs until standard input ends.</summary>
    internal static async Task<int> RunAsync()
    {
        var rules = new NftRuleSet(new InterceptionOptions());
        var (deployments, changed) = (0, false);
        await Console.Out.WriteLineAsync("ready");
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var words = line.Split(' ');
            (deployments, changed) = words switch
            {
                ["deployments", var count] => (int.Parse(count, CultureInfo.InvariantCulture), false),
                ["change"] => (deployments, !changed),
                _ => (deployments, changed),
            };
            var routes = RuleRoutes.Of(deployments, changed);
            var clock = Stopwatch.StartNew();
            var outcome = words[0] is "verify" ? await rules.VerifyAsync(CancellationToken.None) : await rules.ApplyAsync(routes, CancellationToken.None);
            var elapsed = clock.Elapsed;
            if ((outcome.Failure ?? outcome.Repaired) is { } problem)
            {
                throw new InvalidOperationException($"{line}: {problem}");
            }

            await Console.Out.WriteLineAsync(((long)elapsed.TotalMicroseconds).ToString(CultureInfo.InvariantCulture));
        }

        return 0;
    }
}
