using Shouldly;
using Warp.EndToEnd.Tests.Fixture;
using Warp.Lab;
using Warp.TestPeer;
using Xunit;

namespace Warp.EndToEnd.Tests.Deploying;

/// <summary>The user's page about visibility: a service whose <c>deployment.port</c> it does not serve is private, and its peers reach it all the same.</summary>
[Collection(LabGroup.Name)]
public sealed class SeedConfigurationTests(LabFixture lab)
{
    private const string SeedConfiguration = """
        module.exports = {
          docker: "my-docker-service",
          deployment: {
            port: 65500,
          },
        };
        """;

    private const string Dockerfile = """
        FROM shop-app:latest
        CMD ["node", "-e", "require('http').createServer((request, response) => response.end('among us')).listen(8080)"]
        """;

    private const string Caller = """
        module.exports = {
          container: "caller",
          image: "warp-test-peer:latest",
          args: ["load", "$WARP_IST_my-docker-service", "8080", "20"],
          deployment: { public: false },
        };
        """;

    [Fact]
    public async Task The_page_as_it_stands_makes_a_service_that_only_its_peers_reach()
    {
        using var folders = new ServiceFolders(lab.Lab);
        var service = folders.Add("service", ("warp.config.js", SeedConfiguration), ("Dockerfile", Dockerfile));
        var caller = folders.Add("caller", ("warp.config.js", Caller));

        var deployed = (await lab.R1.WarpAsync("deploy", service, caller, "--name", "seed", "--runner", "my-docker-service=r2", "--runner", "caller=r1")).Ensure();
        try
        {
            deployed.Output.ShouldContain("65500");
            await AwaitAsync("the caller is answered", () => LogsAsync("seed/caller"), counts => counts.Answers.ContainsKey("among us"));
            var outside = await AskPublicUrlAsync("my-docker-service-seed");
            outside.FirstFailure.ShouldNotBeNull().ShouldStartWith("502");
            foreach (var secret in (string[])["65500", "10.201.", "172.", "refused", "my-docker-service"])
            {
                outside.FirstFailure.ShouldNotContain(secret, Case.Insensitive);
            }

            (await AskPublicUrlAsync("caller-seed")).FirstFailure.ShouldNotBeNull().ShouldStartWith("404");
            (await AskPublicUrlAsync("nobody-seed")).FirstFailure.ShouldNotBeNull().ShouldStartWith("404");
        }
        finally
        {
            (await lab.R1.WarpAsync("remove", "seed")).Ensure();
        }
    }

    private async Task<LoadCounts> LogsAsync(string service) => LoadCounts.Parse((await lab.R1.WarpAsync("logs", service, "--tail", "2")).Output);

    /// <summary>Asks from a machine that belongs to nobody, through the node that does not run the service.</summary>
    private async Task<LoadCounts> AskPublicUrlAsync(string host)
    {
        using var load = await lab.Lab.Outsider.StartAsync(
            Path.Combine(lab.Lab.Folder, $"ask-{host}.log"),
            "dotnet", Path.Combine(AppContext.BaseDirectory, "warp-test-peer.dll"), "load-url", $"https://{host}.{LabFixture.BaseDomain}/", lab.R1.Address, lab.AuthorityFile, "1.1", "10");
        try
        {
            return await AwaitAsync($"an answer of {host}", async () => LoadCounts.Parse(await File.ReadAllTextAsync(load.LogFile)), counts => counts.Asked > 0);
        }
        finally
        {
            await load.KillAsync();
        }
    }

    private static Task<LoadCounts> AwaitAsync(string what, Func<Task<LoadCounts>> read, Func<LoadCounts, bool> done) =>
        Poll.UntilAsync(what, TimeSpan.FromSeconds(60), async () => await read() is var counts && done(counts) ? counts : null);
}
