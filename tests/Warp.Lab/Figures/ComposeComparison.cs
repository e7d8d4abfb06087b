using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Warp.Lab.Figures;

/// <summary>
/// The same two images on the same engine, in turn: <c>warp deploy</c>, which ends when both services accept connections, and <c>docker-compose up --detach</c>,
/// which ends when both are started, and then until both accept. Both by their command lines, so that the start of each program counts.
/// </summary>
internal static class ComposeComparison
{
    private const string Compose = """
        version: "3"
        services:
          app: { image: "shop-app:latest" }
          db: { image: "shop-db:latest" }
        """;

    /// <summary>Ends when both services of the Compose project accept a connection; what they are asked for is what their images EXPOSE.</summary>
    private const string UntilServed = """
        for service in app:8080 db:3211; do
          container=$(docker --host "unix://$1" ps --quiet --filter "label=com.docker.compose.service=${service%:*}")
          address=$(docker --host "unix://$1" inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$container")
          until (exec 3<> "/dev/tcp/$address/${service#*:}") 2> /dev/null; do sleep 0.02; done
        done
        """;

    /// <summary>Measures so many rounds and prints both medians and the median of the ratios within a round.</summary>
    public static async Task RunAsync(WarpLab lab, int rounds)
    {
        if (!Environment.GetEnvironmentVariable("PATH")!.Split(':').Any(path => File.Exists(Path.Combine(path, "docker-compose"))))
        {
            throw new LabException("docker-compose is not installed, and nothing can be compared with it: apt-get install docker-compose");
        }

        var folder = Directory.CreateDirectory(Path.Combine(lab.Folder, "compose")).FullName;
        var composeFile = Path.Combine(folder, "docker-compose.yml");
        await File.WriteAllTextAsync(composeFile, Compose);
        var warpFile = Path.Combine(folder, "warp.json");
        object[] services = [Service("app"), Service("db")];
        await File.WriteAllTextAsync(warpFile, JsonSerializer.Serialize(new { services }));

        var runner = lab.Runners[0];
        var times = new List<(double Warp, double Compose)>();
        for (var round = 0; round < rounds; round++)
        {
            var warp = await TimeAsync(() => runner.WarpAsync("deploy", warpFile, "--name", "figures-compose"));
            (await runner.WarpAsync("remove", "figures-compose")).Ensure();
            var compose = await TimeAsync(ComposeUntilServedAsync);
            (await DockerComposeAsync("down", "--timeout", "5")).Ensure();
            times.Add((warp, compose));
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"deploy of two services by the command line, {rounds} rounds: warp {Medians.Of(times.Select(t => t.Warp)):0.0} s, docker-compose {Medians.Of(times.Select(t => t.Compose)):0.0} s, ratio {Medians.Of(times.Select(t => t.Warp / t.Compose)):0.00}"));

        async Task<ToolResult> ComposeUntilServedAsync()
        {
            (await DockerComposeAsync("up", "--detach")).Ensure();
            return await runner.Machine.RunAsync(["bash", "-c", UntilServed, "until-served", runner.Engine.Socket]);
        }

        Task<ToolResult> DockerComposeAsync(params IReadOnlyList<string> arguments) => Tool.RunAsync(
            ["docker-compose", "--host", $"unix://{runner.Engine.Socket}", "--file", composeFile, "--project-name", "figures", .. arguments], TimeSpan.FromMinutes(2));
    }

    private static object Service(string name) => new { name, image = $"shop-{name}:latest", runner = "r1" };

    private static async Task<double> TimeAsync(Func<Task<ToolResult>> action)
    {
        var clock = Stopwatch.StartNew();
        (await action()).Ensure();
        return clock.Elapsed.TotalSeconds;
    }
}
