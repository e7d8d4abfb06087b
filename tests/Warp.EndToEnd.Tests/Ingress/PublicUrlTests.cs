using System.Globalization;
using Shouldly;
using Warp.EndToEnd.Tests.Fixture;
using Warp.Lab;
using Warp.Lab.Deployments;
using Xunit;

namespace Warp.EndToEnd.Tests.Ingress;

/// <summary>The public URLs as a stranger on the network sees them: the outsider trusts the cluster's CA and nothing else.</summary>
[Collection(LabGroup.Name)]
public sealed class PublicUrlTests(LabFixture lab)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Every_node_serves_the_URL_of_a_service_wherever_it_runs_and_nothing_of_one_that_is_not_public()
    {
        await using var shop = await LabDeployment.StartAsync(
            lab.Lab,
            "public",
            new LabService("app", "shop-app:latest", "r2") { Port = 8080 },
            new LabService("hidden", "shop-app:latest", "r1") { Port = 8080, Public = false },
            new LabService("db", "shop-db:latest", "r1") { Port = 65500 });

        foreach (var node in lab.Lab.Runners)
        {
            await Poll.UntilAsync($"the URL of app answers at {node.Name}", Limit, async () => (await GetAsync(node, "app-public")).Contains("warp-and-weft scarf", StringComparison.Ordinal));
            (await StatusAsync(node, "hidden-public")).ShouldBe(404);
            (await StatusAsync(node, "db-public")).ShouldBe(502, "the service does not serve its public port");
            (await StatusAsync(node, "nobody-public")).ShouldBe(404);
            var page = await GetAsync(node, "db-public");
            page.ShouldBe("502 Bad Gateway: the service behind this address does not answer.");
        }
    }

    private async Task<string> GetAsync(LabRunner node, string label) => (await CurlAsync(node, label)).Output.Trim();

    private async Task<int> StatusAsync(LabRunner node, string label) =>
        int.Parse((await CurlAsync(node, label, "--output", "/dev/null", "--write-out", "%{http_code}")).Ensure().Output, CultureInfo.InvariantCulture);

    private Task<ToolResult> CurlAsync(LabRunner node, string label, params string[] more)
    {
        var host = $"{label}.{LabFixture.BaseDomain}";
        return lab.Lab.Outsider.RunAsync(
            ["curl", "--silent", "--show-error", "--cacert", Path.Combine(lab.R1.Node.DataFolder, "ca.crt"), "--resolve", $"{host}:443:{node.Address}", .. more, $"https://{host}/"]);
    }
}
