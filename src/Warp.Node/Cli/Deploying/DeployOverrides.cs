using System.Globalization;
using System.Text.Json.Nodes;
using Warp.Node.Cli.Configuration;
using Warp.Node.Configuration;

namespace Warp.Node.Cli.Deploying;

/// <summary>What the command line says about single services; it wins over the files.</summary>
/// <param name="Runners">From <c>--runner</c>: <c>SERVICE=RUNNER</c> each.</param>
/// <param name="Replicas">From <c>--replicas</c>: <c>SERVICE=NUMBER</c> each.</param>
internal sealed record DeployOverrides(IReadOnlyList<string> Runners, IReadOnlyList<string> Replicas)
{
    public static DeployOverrides None { get; } = new([], []);

    /// <summary>Changes the entries.</summary>
    /// <exception cref="OperatorException">One is misspelt or names no service.</exception>
    public void Apply(IReadOnlyList<ServiceConfig> services)
    {
        foreach (var text in Runners)
        {
            var (service, runner) = Split("--runner", text, "RUNNER", services);
            Set(service, "runner", runner, "--runner");
        }

        foreach (var text in Replicas)
        {
            var (service, number) = Split("--replicas", text, "NUMBER", services);
            Set(
                service,
                "replicas",
                int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : throw new OperatorException(ExitCode.Usage, $"--replicas {text}: '{number}' is not a number."),
                "--replicas");
        }
    }

    private static void Set(ServiceConfig service, string field, JsonNode value, string option)
    {
        service.Entry[field] = value;
        service.Origin.Add(field, option);
    }

    // A service's name may hold '=', a runner's and a number may not.
    private static (ServiceConfig Service, string Value) Split(string option, string text, string what, IReadOnlyList<ServiceConfig> services)
    {
        var split = text.LastIndexOf('=');
        if (split <= 0 || split == text.Length - 1)
        {
            throw new OperatorException(ExitCode.Usage, $"{option} {text}: write it as SERVICE={what}.");
        }

        var service = services.FirstOrDefault(one => string.Equals(one.Name, text[..split], StringComparison.Ordinal))
            ?? throw new OperatorException(ExitCode.Usage, $"{option} {text}: there is no service '{text[..split]}' here; there are: {string.Join(", ", services.Select(one => one.Name))}.");
        return (service, text[(split + 1)..]);
    }
}
