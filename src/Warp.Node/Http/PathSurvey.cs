using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Node.Diagnosis;
using Warp.Node.Diagnosis.Paths;
using Warp.Node.Http.Documents;

namespace Warp.Node.Http;

/// <summary>The service at the far end of a way that is to be explained.</summary>
internal sealed record CalledService(DeploymentName Deployment, ServiceName Service, int Port);

/// <summary>Gathers, from the runners of both ends, what <see cref="PathJudgement"/> judges.</summary>
internal sealed class PathSurvey(ActorGateway actors, IPathProbe probe, IDenials denials, RunnerForward forward)
{
    private const int MaxRefusals = 5;

    /// <summary>Explains the way.</summary>
    /// <exception cref="ProblemException">The deployment or a service does not exist, or no control node answers.</exception>
    public async Task<ExplanationDocument> ExplainAsync(DeploymentName name, ServiceName caller, CalledService called, CancellationToken cancellationToken)
    {
        var (from, to) = ($"{name}/{caller}", $"{called.Deployment}/{called.Service}");
        var steps = called.Deployment == name
            ? PathJudgement.Of(await GatherAsync(await actors.GetDeploymentAsync(name, cancellationToken), caller, called, cancellationToken))
            : PathJudgement.OtherDeployment(from, to);
        var works = steps.Any(step => step is { Check: "call", Level: FindingLevel.Ok });
        return new ExplanationDocument(from, string.Create(CultureInfo.InvariantCulture, $"{to}:{called.Port}"), works, steps);
    }

    private static ServiceView Find(DeploymentView view, ServiceName service) => view.Services.FirstOrDefault(one => one.Service == service) ?? throw new ProblemException(
        Problem.NotFound($"the deployment '{view.Deployment}' has no service '{service}'; it has: {string.Join(", ", view.Services.Select(one => one.Service.Value))}"));

    private async Task<PathView> GatherAsync(DeploymentView view, ServiceName service, CalledService called, CancellationToken cancellationToken)
    {
        var (caller, target) = (Find(view, service), Find(view, called.Service));
        var runners = (await actors.ListRunnersAsync(cancellationToken)).Runners.ToDictionary(one => one.Status.Runner);
        var calling = caller.Instances.FirstOrDefault(one => one.Observed is { Phase: InstancePhase.Running, ContainerId: not null });
        var links = calling is null ? [] : runners.GetValueOrDefault(calling.Runner)?.Status.Tunnels ?? [];
        var hostName = ServiceNaming.HostNames(called.Service)[0];

        var call = calling is null ? Task.FromResult<CallFacts?>(null) : CallAsync(runners, calling, hostName, target.IstAddress, called.Port, cancellationToken);
        var targets = Task.WhenAll(target.Instances.Select(async one => new TargetInstance(
            Place(view, called.Service, one),
            one.RunnerReachable,
            one.Observed?.Phase ?? InstancePhase.Pending,
            one.Observed?.Health ?? InstanceHealth.Unknown,
            one.Observed?.Cause,
            links.FirstOrDefault(link => link.Peer == one.Runner),
            await ListenersAsync(runners, one, cancellationToken))));
        var made = await call;
        return new PathView(
            $"{view.Deployment}/{service}",
            calling is null ? null : Place(view, service, calling),
            caller.Waiting ?? caller.Instances.Select(one => one.Observed?.Cause).FirstOrDefault(cause => cause is not null),
            $"{view.Deployment}/{called.Service}",
            called.Port,
            ServiceNaming.VariableNames(called.Service)[0],
            hostName,
            target.IstAddress,
            made,
            [.. await targets],
            await RefusalsAsync(runners, [.. target.Instances.Concat(caller.Instances).Where(one => one.RunnerReachable).Select(one => one.Runner).Distinct()], view.Deployment, called.Service, target.IstAddress, cancellationToken));
    }

    private static PlacedInstance Place(DeploymentView view, ServiceName service, InstanceView instance) =>
        new(new InstanceId(view.Deployment, service, instance.Ordinal, instance.Generation).ToString(), instance.Runner);

    private async Task<CallFacts?> CallAsync(
        Dictionary<RunnerId, RunnerView> runners, InstanceView caller, string name, Ipv4Address address, int port, CancellationToken cancellationToken)
    {
        var container = caller.Observed!.ContainerId!;
        var path = string.Create(CultureInfo.InvariantCulture, $"containers/{container}/call?name={Uri.EscapeDataString(name)}&address={address}&port={port}");
        return await AskAsync(
            runners, caller.Runner, path, ManagementJson.Default.CallFacts, () => probe.CallAsync(container, name, address, port, cancellationToken), problem => new CallFacts(problem, [], "", 0), cancellationToken);
    }

    private async Task<ListenerFacts?> ListenersAsync(Dictionary<RunnerId, RunnerView> runners, InstanceView target, CancellationToken cancellationToken) =>
        target is { RunnerReachable: true, Observed: { Phase: InstancePhase.Running, ContainerId: { } container } }
            ? await AskAsync(
                runners,
                target.Runner,
                $"containers/{container}/listeners",
                ManagementJson.Default.ListenerFacts,
                () => probe.ListenersAsync(container, cancellationToken),
                problem => new ListenerFacts(problem, []),
                cancellationToken)
            : null;

    private async Task<ImmutableArray<string>> RefusalsAsync(
        Dictionary<RunnerId, RunnerView> runners, ImmutableArray<RunnerId> asked, DeploymentName deployment, ServiceName target, Ipv4Address address, CancellationToken cancellationToken)
    {
        var reports = await Task.WhenAll(asked.Select(runner => AskAsync(
            runners,
            runner,
            "denials",
            ManagementJson.Default.DenialsDocument,
            async () => DenialsDocument.From(runner, await denials.ReadAsync(cancellationToken)),
            problem => new DenialsDocument(runner.Value, [], [], problem),
            cancellationToken)));
        return
        [
            .. reports.SelectMany(report => report.Latest.Select(attempt => (report.Runner, Attempt: attempt)))
                .Where(one => one.Attempt.Target is { } place && (place.Contains($"{address}", StringComparison.Ordinal) || place.EndsWith($" to {target}", StringComparison.Ordinal)))
                .Where(one => $"{one.Attempt.Caller} {one.Attempt.Target}".Contains(deployment.Value, StringComparison.Ordinal))
                .OrderByDescending(one => one.Attempt.Last)
                .Take(MaxRefusals)
                .Select(one => string.Create(
                    CultureInfo.InvariantCulture,
                    $"{one.Runner} refused {one.Attempt.Caller} to {one.Attempt.Target} (so often: {one.Attempt.Times}), the last time at {one.Attempt.Last:HH:mm:ss'Z'}: {one.Attempt.Reason}")),
        ];
    }

    // What a runner does not tell is part of the explanation, not its end.
    private async Task<T> AskAsync<T>(
        Dictionary<RunnerId, RunnerView> runners, RunnerId runner, string path, JsonTypeInfo<T> type, Func<Task<T>> here, Func<string, T> failed, CancellationToken cancellationToken)
    {
        if (runner == forward.Self)
        {
            return await here();
        }

        try
        {
            return runners.TryGetValue(runner, out var view)
                ? await forward.ReadAsync(runner, view.Status.Management, $"/warp/v1/runners/{runner}/{path}", type, cancellationToken)
                : failed($"no control node has heard of {runner}");
        }
        catch (ProblemException failure)
        {
            return failed(failure.Problem.Detail);
        }
    }
}
