using System.Collections.Immutable;
using System.Globalization;
using Warp.Cluster.Protocol;

namespace Warp.Node.Diagnosis.Checks;

/// <summary>Whether the kernel has what Warp uses, and room for more connections.</summary>
/// <param name="interception">How connections are answered; null while no node runs.</param>
internal sealed class KernelCheck(InterceptionStatus? interception) : ICheck
{
    private const double Scarce = 0.7;
    private const double Full = 0.9;

    /// <inheritdoc/>
    public string Name => "kernel";

    /// <inheritdoc/>
    public Task<ImmutableArray<Finding>> LookAsync(CancellationToken cancellationToken) => Task.FromResult(Judge(new KernelFacts(
        Read("kernel/osrelease") ?? "unknown",
        interception?.Reason,
        Read("net/ipv4/ip_forward") is not "0",
        Number(Read("net/netfilter/nf_conntrack_count")),
        Number(Read("net/netfilter/nf_conntrack_max")))));

    internal static ImmutableArray<Finding> Judge(KernelFacts facts)
    {
        ImmutableArray<Finding> found = [.. Interception(facts), .. Forwarding(facts), .. Tracking(facts)];
        return found.IsEmpty ? [Finding.Ok("kernel", $"Linux {facts.Release}; {facts.Tracked ?? 0} of {facts.MaxTracked ?? 0} tracked connections")] : found;
    }

    private static IEnumerable<Finding> Interception(KernelFacts facts)
    {
        if (facts.AcceptsFirstBecause is { } reason)
        {
            yield return Finding.Warning(
                "kernel", $"connections to other runners are accepted before their service is dialled, so that a closed port shows as a reset: {reason}", "mend that and restart the node");
        }
    }

    private static IEnumerable<Finding> Forwarding(KernelFacts facts)
    {
        if (!facts.Forwards)
        {
            yield return Finding.Problem(
                "kernel",
                "IPv4 forwarding is off: no container reaches another or the world",
                "the node switches it on again within seconds; if it does not stay so, find what sets it ('grep -r ip_forward /etc/sysctl.d') and set net.ipv4.ip_forward=1 there");
        }
    }

    private static IEnumerable<Finding> Tracking(KernelFacts facts)
    {
        if (facts is not { Tracked: { } tracked, MaxTracked: > 0 and var max } || tracked < Scarce * max)
        {
            yield break;
        }

        var message = $"{tracked} of {max} connections are tracked; beyond that new ones are lost";
        var remedy = $"find who opens so many ('conntrack -L' shows it), and raise the limit: 'sysctl -w net.netfilter.nf_conntrack_max={2L * max}'";
        yield return tracked < Full * max ? Finding.Warning("kernel", message, remedy) : Finding.Problem("kernel", message, remedy);
    }

    private static string? Read(string setting)
    {
        try
        {
            return File.ReadAllText($"/proc/sys/{setting}").Trim();
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static long? Number(string? text) => long.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : null;
}

/// <summary>What the kernel says.</summary>
/// <param name="Release">Its version.</param>
/// <param name="AcceptsFirstBecause">Why connections cannot be held until their service is dialled; null when they are.</param>
/// <param name="Forwards">Whether it forwards IPv4.</param>
/// <param name="Tracked">Tracked connections; null when it does not track any.</param>
/// <param name="MaxTracked">How many there may be.</param>
internal sealed record KernelFacts(string Release, string? AcceptsFirstBecause, bool Forwards, long? Tracked, long? MaxTracked);
