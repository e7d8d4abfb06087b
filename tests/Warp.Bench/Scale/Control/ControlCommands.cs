using System.Diagnostics;
using System.Globalization;
using System.Text;
using Akka.Actor;
using Warp.Cluster.Hosting;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;

namespace Warp.Bench.Scale.Control;

/// <summary>
/// What a control node is asked for: <c>deploy FROM TO</c> deploys and answers with the milliseconds until all were accepted, <c>known</c> with how many deployments have come to life,
/// <c>complete</c> with how many of them serve on reachable runners, <c>first</c> with the milliseconds until one answers, <c>change I</c> with the microseconds until another image was accepted, and
/// <c>changed I</c> with those since then until it serves and the one before is gone.
/// </summary>
internal sealed class ControlCommands(SimulatedNode node)
{
    private const int AtOnce = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private readonly Stopwatch _sinceChange = new();
    private int _image;

    internal Task<long> RunAsync(string[] words) => words switch
    {
        ["deploy", var from, var to] => DeployAsync(Number(from), Number(to)),
        ["known"] => CountAsync(_ => true),
        ["complete"] => CountAsync(IsComplete),
        ["first"] => AwaitFirstAsync(),
        ["change", var number] => ChangeAsync(Number(number)),
        ["changed", var number] => AwaitChangedAsync(Number(number)),
        _ => throw new InvalidOperationException($"a control node does not know '{words[0]}'"),
    };

    private static bool IsComplete(DeploymentView view) =>
        view.Rollout == RolloutState.Completed && view.Services.SelectMany(service => service.Instances).All(instance => instance is { RunnerReachable: true, Observed.Phase: InstancePhase.Running });

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static DeploymentName Name(int number) => DeploymentName.Parse($"deployment-{number}");

    private static DeploymentSpec Spec(int number, string image)
    {
        var document = $$"""{ "services": [ { "name": "app", "image": "{{image}}", "variables": { "LEVEL": "info", "DATABASE": "main" } }, { "name": "db", "image": "db:1" } ] }""";
        return SpecParser.Parse(Name(number), Encoding.UTF8.GetBytes(document)).Spec!;
    }

    private async Task<long> DeployAsync(int from, int to)
    {
        var clock = Stopwatch.StartNew();
        await Parallel.ForEachAsync(Enumerable.Range(from, to - from), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, _) => await ApplyAsync(number, "app:1"));
        return clock.ElapsedMilliseconds;
    }

    private async Task ApplyAsync(int number, string image)
    {
        var answer = await node.Handles.Deployments.Ask<IWarpMessage>(new ApplyDeployment(Spec(number, image)), Patience);
        if (answer is not DeploymentAccepted)
        {
            throw new InvalidOperationException($"{Name(number)} was not accepted: {answer}");
        }
    }

    private async Task<long> CountAsync(Func<DeploymentView, bool> wanted)
    {
        var list = await node.Handles.System.ActorSelection($"/user/{ActorNames.Catalog}").Ask<DeploymentList>(new ListDeployments(), Patience);
        return list.Deployments.Count(wanted);
    }

    private async Task<long> AwaitFirstAsync()
    {
        var clock = Stopwatch.StartNew();
        await ViewAsync(0);
        return clock.ElapsedMilliseconds;
    }

    private async Task<long> ChangeAsync(int number)
    {
        _sinceChange.Restart();
        await ApplyAsync(number, $"app:{++_image + 1}");
        return (long)_sinceChange.Elapsed.TotalMicroseconds;
    }

    private async Task<long> AwaitChangedAsync(int number)
    {
        while ((await ViewAsync(number)).Rollout != RolloutState.Completed)
        {
            if (_sinceChange.Elapsed > Patience)
            {
                throw new InvalidOperationException($"{Name(number)} was not changed within {Patience}");
            }

            await Task.Delay(5);
        }

        return (long)_sinceChange.Elapsed.TotalMicroseconds;
    }

    private Task<DeploymentView> ViewAsync(int number) => node.Handles.Deployments.Ask<DeploymentView>(new GetDeployment(Name(number)), Patience);
}
