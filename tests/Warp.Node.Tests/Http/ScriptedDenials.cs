using Warp.Node.Http;

namespace Warp.Node.Tests.Http;

/// <summary>A runner that has refused what the test says.</summary>
internal sealed class ScriptedDenials : IDenials
{
    public DenialReport Report { get; set; } = new(
        [new DenialCount("Firewall", "FalseSource", 3)], [new DeniedAttempt("Exit", "CallerNotThere", "r9", "shop: app#0@1 to db", Views.Noon, 2)], Problem: null);

    public Task<DenialReport> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(Report);
}
