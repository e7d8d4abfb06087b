using System.Collections.Immutable;
using System.Text.Json;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Specs;

/// <summary>Reads one element of <c>services</c>.</summary>
internal static class ServiceSpecParser
{
    private const int DefaultStopGraceSeconds = 10;

    private static readonly ImmutableArray<string> Fields =
    [
        "name", "image", "pull", "args", "variables", "port", "runner", "stopGraceSeconds", "replicas", "health", "resources", "restart", "public", "baseUrl", "domains",
        "connectHoldSeconds", "drainSeconds", "volumes",
    ];

    /// <summary>Reads it; problems are added to the list.</summary>
    /// <returns>Null when there is no usable name or image; then a problem says so.</returns>
    public static ServiceSpec? Read(JsonElement element, string path, List<SpecProblem> problems)
    {
        var fields = JsonFields.Of(element, path, Fields, problems);
        if (!fields.IsObject)
        {
            return null;
        }

        var name = Name(fields);
        var image = Checked(fields, "image", fields.RequiredText("image"), SpecValidator.ImageProblem);
        var pull = Choice(fields, "pull", "pull policy", PullPolicy.Missing, ("missing", PullPolicy.Missing), ("always", PullPolicy.Always), ("never", PullPolicy.Never));
        var args = CommandWords.Read(fields, "args");
        var variables = Variables(fields);
        var port = fields.Number("port", 1, 65535);
        var runner = Runner(fields);
        var grace = fields.Number("stopGraceSeconds", 0, 3600) ?? DefaultStopGraceSeconds;
        var replicas = fields.Number("replicas", 1, SpecValidator.MaxReplicas) ?? 1;
        var health = HealthCheckParser.Read(fields);
        var resources = ResourceLimitsParser.Read(fields);
        var restart = Choice(
            fields, "restart", "restart policy", RestartPolicy.Always, ("always", RestartPolicy.Always), ("on-failure", RestartPolicy.OnFailure), ("never", RestartPolicy.Never));
        var isPublic = fields.Flag("public") ?? true;
        var baseUrl = Checked(fields, "baseUrl", fields.Text("baseUrl"), SpecValidator.IdProblem);
        var domains = DomainsParser.Read(fields);
        var hold = fields.Number("connectHoldSeconds", 0, 60) ?? ServiceSpec.DefaultConnectHoldSeconds;
        var drain = fields.Number("drainSeconds", 0, 3600) ?? ServiceSpec.DefaultDrainSeconds;
        var volumes = VolumeNeedsParser.Read(fields, problems);
        if (SpecValidator.ReplicasProblem(replicas, volumes) is { } problem)
        {
            fields.Report("replicas", problem);
        }

        return name is { } valid && image is not null
            ? new ServiceSpec(
                valid, image, pull, args, variables, port, runner, grace, replicas, health, resources, restart, isPublic, baseUrl, domains, hold, drain, volumes)
            : null;
    }

    private static ServiceName? Name(JsonFields fields)
    {
        if (fields.RequiredText("name") is not { } text)
        {
            return null;
        }

        if (!ServiceName.TryParse(text, out var name, out var problem) || !ServiceNaming.TryEncode(name, out _, out problem))
        {
            fields.Report("name", problem);
            return null;
        }

        return name;
    }

    private static RunnerId? Runner(JsonFields fields)
    {
        if (fields.Text("runner") is not { } text)
        {
            return null;
        }

        if (RunnerId.TryParse(text, out var runner, out var problem))
        {
            return runner;
        }

        fields.Report("runner", problem);
        return null;
    }

    private static T Choice<T>(JsonFields fields, string field, string what, T otherwise, params ReadOnlySpan<(string Text, T Value)> choices)
    {
        if (fields.Text(field) is not { } text)
        {
            return otherwise;
        }

        foreach (var choice in choices)
        {
            if (string.Equals(choice.Text, text, StringComparison.Ordinal))
            {
                return choice.Value;
            }
        }

        fields.Report(field, $"'{text}' is no {what}; use {choices[0].Text}, {choices[1].Text} or {choices[2].Text}");
        return otherwise;
    }

    private static ImmutableSortedDictionary<string, string> Variables(JsonFields fields)
    {
        var variables = fields.Map("variables");
        foreach (var (name, value) in variables)
        {
            if (SpecValidator.VariableProblem(name, value) is { } problem)
            {
                fields.Report($"variables.{name}", problem);
            }
        }

        return variables;
    }

    private static string? Checked(JsonFields fields, string field, string? text, Func<string, string?> rule)
    {
        if (text is not null && rule(text) is { } problem)
        {
            fields.Report(field, problem);
        }

        return text;
    }
}
