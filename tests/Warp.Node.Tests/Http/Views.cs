using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;

namespace Warp.Node.Tests.Http;

/// <summary>What actors would answer.</summary>
internal static class Views
{
    public static DeploymentName Shop { get; } = DeploymentName.Parse("shop");

    public static DateTimeOffset Noon { get; } = new(2030, 1, 31, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A deployment with the service <c>app</c> on the runner.</summary>
    public static DeploymentView Deployment(InstancePhase phase = InstancePhase.Running, string runner = "alpha", long revision = 1, string? container = "c1", string? cause = null) => new(
        Shop,
        "default",
        "production",
        revision,
        Removing: false,
        [
            new ServiceView(
                ServiceName.Parse("app"),
                "shop-app:1",
                Ipv4Address.Parse("10.201.0.2"),
                8080,
                [
                    new InstanceView(0, 1, RunnerId.Parse(runner), RunnerReachable: true, new InstanceObserved(
                        new InstanceId(Shop, ServiceName.Parse("app"), 0, 1), phase, container, Ipv4Address.Parse("172.18.0.2"), Noon, 2, 8080, cause,
                        phase == InstancePhase.Running ? InstanceHealth.Ready : InstanceHealth.Unknown)),
                ],
                Waiting: null),
        ],
        phase == InstancePhase.Running ? RolloutState.Completed : RolloutState.Progressing);

    public static RunnerView Runner(string name, int managementPort = 8558, params TunnelView[] tunnels) => new(
        new RunnerStatus(
            RunnerId.Parse(name),
            new NodeEndpoint("192.0.2.1", 4054),
            new NodeEndpoint("127.0.0.1", managementPort),
            3,
            EngineReady: true,
            "20.10.24",
            "0.1.0",
            ["the disk is nearly full"],
            [.. tunnels],
            Certificates: new RunnerCertificates(Noon.AddYears(1), Noon.AddHours(12), 1, ["0a1b"], ["0a1b"], Signs: false)),
        Reachable: true,
        Noon);

    /// <summary>One runner is being drained.</summary>
    public static RunnerDrains Drained(string runner) => new(1, [new RunnerDrain(RunnerId.Parse(runner), 60, Noon)]);

    public static TunnelView Tunnel(string peer) =>
        new(RunnerId.Parse(peer), new NodeEndpoint("192.0.2.2", 4054), TunnelState.Up, 2, 5, 1000, 2000, "TLS 1.3 AES_128_GCM_SHA256", Problem: null);
}
