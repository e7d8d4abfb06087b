using System.Collections.Immutable;
using System.Text.Json;
using Warp.Cluster.Identity;
using Warp.Cluster.Membership;
using Warp.Cluster.Protocol;
using Warp.Cluster.Serialization;
using Warp.Cluster.Specs;

namespace Warp.Cluster.Tests;

/// <summary>Ready-made values for the tests of deployments.</summary>
internal static class Sample
{
    public static readonly DateTimeOffset Noon = new(2026, 1, 2, 12, 0, 0, TimeSpan.Zero);

    public static DeploymentName Shop { get; } = DeploymentName.Parse("shop");

    public static RunnerId R1 { get; } = RunnerId.Parse("r1");

    public static RunnerId R2 { get; } = RunnerId.Parse("r2");

    public static Ipv4Range Range { get; } = Ipv4Range.Parse("10.201.0.0/16");

    public static ServiceName Name(string name) => ServiceName.Parse(name);

    public static ServiceSpec Service(string name, string image = "image:1", RunnerId? runner = null) => new(
        Name(name), image, PullPolicy.Missing, [], ImmutableSortedDictionary<string, string>.Empty, null, runner, 10);

    public static DeploymentSpec Spec(params ServiceSpec[] services) => new(Shop, "default", "default", [.. services]);

    public static RunnerStatus Status(RunnerId runner, int instances = 0, bool engine = true) => new(
        runner, new NodeEndpoint($"{runner}.test", 4054), new NodeEndpoint($"{runner}.test", 8558), instances, engine, engine ? "20.10.24" : null, "0.1.0", [], []);

    public static RunnerView Runner(RunnerId runner, int instances = 0, bool engine = true, bool reachable = true, params string[] volumes) =>
        new(Status(runner, instances, engine) with { Volumes = [.. volumes] }, reachable, Noon);

    public static RunnerDirectory Directory(params RunnerView[] runners) => new([.. runners], Settled: true);

    public static InstanceObserved Running(InstanceId instance) => new(
        instance, InstancePhase.Running, $"container-{instance}", Ipv4Address.Parse("172.20.0.2"), Noon, 0, 5432, null);

    /// <summary>The form on the wire; equal forms mean equal values, which records with collections cannot say by themselves.</summary>
    public static string Json(IWarpMessage message) => JsonSerializer.Serialize(message, WarpManifests.ByManifest[WarpManifests.ByType[message.GetType()]]);

    /// <summary>What a runner reports that has done all that the assignment says.</summary>
    public static RunnerReport Done(Assignment assignment, RunnerId runner) => new(
        assignment.Deployment,
        runner,
        assignment.Version,
        [
            .. assignment.Services.SelectMany(service => service.Placements
                .Where(placement => placement.Runner == runner && placement.Role != PlacementRole.Retiring)
                .Select(placement => Running(new InstanceId(assignment.Deployment, service.Spec.Name, placement.Ordinal, placement.Generation)))),
        ]);
}
