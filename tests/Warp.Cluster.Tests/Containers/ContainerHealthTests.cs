using CsCheck;
using Shouldly;
using Warp.Cluster.Containers;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;
using Xunit;

namespace Warp.Cluster.Tests.Containers;

public sealed class ContainerHealthTests
{
    private static readonly DateTimeOffset s_start = DateTimeOffset.UnixEpoch;
    private static readonly ProbeResult s_well = new(true, "well");
    private static readonly ProbeResult s_ill = new(false, "port 80 refuses connections");
    private static readonly ServiceSpec s_spec = Sample.Service("app");
    private static readonly HealthCheck s_check = new(HealthCheckKind.Http, 80, "/health", IntervalSeconds: 10, TimeoutSeconds: 2, Retries: 3, StartSeconds: 60);

    [Fact]
    public void Without_a_check_and_a_port_it_is_ready_as_soon_as_it_runs()
    {
        var health = Begin(s_spec, imagePort: null);
        health.Health.ShouldBe(InstanceHealth.Ready);
        health.NextAfter(s_start).ShouldBeNull();
    }

    [Fact]
    public void Without_a_check_its_images_port_makes_it_ready_once_and_for_all()
    {
        var health = Begin(s_spec, imagePort: 80);
        health.Health.ShouldBe(InstanceHealth.Starting);
        health = health.With(s_ill, At(1));
        (health.Health, health.Cause).ShouldBe((InstanceHealth.Starting, "not ready yet: port 80 refuses connections"));
        health = health.With(s_well, At(2));
        (health.Health, health.Cause).ShouldBe((InstanceHealth.Ready, null));
        health.NextAfter(At(2)).ShouldBeNull();
    }

    [Fact]
    public void Without_a_check_half_a_minute_makes_it_ready_too() =>
        Begin(s_spec, imagePort: 80).With(s_ill, At(29.9)).With(s_ill, At(30)).Health.ShouldBe(InstanceHealth.Ready);

    [Fact]
    public void A_check_that_does_not_succeed_in_its_time_makes_it_unhealthy_and_says_what_it_saw()
    {
        var health = Begin(s_spec with { Health = s_check }, imagePort: null).With(s_ill, At(59)).With(s_ill, At(60));
        (health.Health, health.Cause).ShouldBe((InstanceHealth.Unhealthy, "it was not ready within 60 s: port 80 refuses connections"));
    }

    [Fact]
    public void So_many_failures_in_a_row_make_it_unhealthy_and_a_success_between_them_forgives()
    {
        var ready = Begin(s_spec with { Health = s_check }, imagePort: null).With(s_well, At(1));
        var health = ready.With(s_ill, At(11)).With(s_ill, At(21)).With(s_well, At(31)).With(s_ill, At(41)).With(s_ill, At(51));
        health.Health.ShouldBe(InstanceHealth.Ready);
        health = health.With(s_ill, At(61));
        (health.Health, health.Cause).ShouldBe((InstanceHealth.Unhealthy, "its health check failed 3 times in a row: port 80 refuses connections"));
        health.With(s_well, At(71)).Health.ShouldBe(InstanceHealth.Ready);
    }

    [Fact]
    public void What_was_adopted_is_unknown_until_somebody_has_looked_and_gets_the_same_retries()
    {
        var spec = s_spec with { Health = s_check };
        var old = ContainerHealth.Begin(HealthPlan.Of(spec, null), s_start, adopted: true, At(3600));
        old.Health.ShouldBe(InstanceHealth.Unknown);
        var failing = old.With(s_ill, At(3600)).With(s_ill, At(3610));
        failing.Health.ShouldBe(InstanceHealth.Unknown);
        failing.With(s_ill, At(3620)).Health.ShouldBe(InstanceHealth.Unhealthy);
        old.With(s_well, At(3600)).Health.ShouldBe(InstanceHealth.Ready);

        var young = ContainerHealth.Begin(HealthPlan.Of(spec, null), s_start, adopted: true, At(10));
        young.With(s_ill, At(10)).Health.ShouldBe(InstanceHealth.Starting);
        ContainerHealth.Begin(HealthPlan.Of(s_spec, 80), s_start, adopted: true, At(31)).Health.ShouldBe(InstanceHealth.Ready);
    }

    [Fact]
    public void Readiness_is_seen_at_most_a_tenth_late_and_nobody_is_asked_more_often_than_ten_times_a_second() =>
        Gen.Double[0, 59].Sample(seconds =>
        {
            var pause = Begin(s_spec with { Health = s_check }, imagePort: null).NextAfter(At(seconds))!.Value;
            return pause >= TimeSpan.FromMilliseconds(100) && pause <= TimeSpan.FromSeconds(Math.Max(0.1, seconds / 10) + 0.001) && pause <= TimeSpan.FromSeconds(10);
        });

    [Fact]
    public void The_port_is_the_checks_then_the_services_then_the_images_then_8080()
    {
        int PortOf(int? check, int? service, int? image) =>
            HealthPlan.Of(s_spec with { Port = service, Health = new HealthCheck(HealthCheckKind.Tcp, check) }, image).Probe!.Port;
        PortOf(1, 2, 3).ShouldBe(1);
        PortOf(null, 2, 3).ShouldBe(2);
        PortOf(null, null, 3).ShouldBe(3);
        PortOf(null, null, null).ShouldBe(8080);
        HealthPlan.Of(s_spec with { Port = 2 }, 3).Probe!.Port.ShouldBe(3);
    }

    private static ContainerHealth Begin(ServiceSpec spec, int? imagePort) => ContainerHealth.Begin(HealthPlan.Of(spec, imagePort), s_start, adopted: false, s_start);

    private static DateTimeOffset At(double seconds) => s_start.AddSeconds(seconds);
}
