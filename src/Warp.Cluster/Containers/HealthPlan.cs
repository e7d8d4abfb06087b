using Warp.Cluster.Specs;

namespace Warp.Cluster.Containers;

/// <summary>How it is told whether one container is well: its service's check, or what is looked at when the service names none.</summary>
/// <param name="Probe">What is tried; null when there is nothing to try, and then running is enough.</param>
/// <param name="Interval">From one try to the next, once it is ready.</param>
/// <param name="Timeout">After which a try counts as failed.</param>
/// <param name="Retries">So many failures in a row make it unhealthy.</param>
/// <param name="Start">How long a fresh container may take until its first success.</param>
/// <param name="Asked">Whether the service asks for the check: then it goes on for the container's whole life, and a container that is not well is started again.</param>
internal sealed record HealthPlan(Probe? Probe, TimeSpan Interval, TimeSpan Timeout, int Retries, TimeSpan Start, bool Asked)
{
    private static readonly TimeSpan UnaskedStart = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan UnaskedPace = TimeSpan.FromSeconds(1);

    /// <summary>For a container.</summary>
    /// <param name="spec">What it runs.</param>
    /// <param name="imagePort">Its image's single EXPOSEd TCP port; null when none or several.</param>
    public static HealthPlan Of(ServiceSpec spec, int? imagePort)
    {
        if (spec.Health is not { } check)
        {
            var probe = imagePort is { } port ? new Probe(HealthCheckKind.Tcp, port, string.Empty, []) : null;
            return new HealthPlan(probe, UnaskedPace, UnaskedPace, 1, UnaskedStart, Asked: false);
        }

        var asked = check.Kind == HealthCheckKind.Command
            ? new Probe(check.Kind, 0, string.Empty, check.Command)
            : new Probe(check.Kind, check.Port ?? spec.Port ?? imagePort ?? ContainerEnvironment.DefaultPort, check.Kind == HealthCheckKind.Http ? check.Path ?? "/" : string.Empty, []);
        return new HealthPlan(
            asked, TimeSpan.FromSeconds(check.IntervalSeconds), TimeSpan.FromSeconds(check.TimeoutSeconds), check.Retries, TimeSpan.FromSeconds(check.StartSeconds), Asked: true);
    }
}
