using System.Collections.Immutable;
using System.Text.Json;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;

namespace Warp.Cluster.Specs;

/// <summary>Reads one element of <c>services</c>.</summary>
internal static class ServiceSpecParser
{
    private const int DefaultStopGraceSeconds = 10;
    private static readonly ImmutableArray<string> Fields = ["name", "image", "pull", "args", "variables", "port", "runner", "stopGraceSeconds"];

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
        var pull = Pull(fields);
        var args = Args(fields);
        var variables = Variables(fields);
        var port = fields.Number("port", 1, 65535);
        var runner = Runner(fields);
        var grace = fields.Number("stopGraceSeconds", 0, 3600) ?? DefaultStopGraceSeconds;
        return name is { } valid && image is not null ? new ServiceSpec(valid, image, pull, args, variables, port, runner, grace) : null;
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

    private static PullPolicy Pull(JsonFields fields)
    {
        switch (fields.Text("pull"))
        {
            case null or "missing":
                return PullPolicy.Missing;
            case "always":
                return PullPolicy.Always;
            case "never":
                return PullPolicy.Never;
            case var text:
                fields.Report("pull", $"'{text}' is no pull policy; use missing, always or never");
                return PullPolicy.Missing;
        }
    }

    private static ImmutableArray<string> Args(JsonFields fields)
    {
        ImmutableArray<string> args;
        if (fields.IsText("args"))
        {
            if (!ShellWords.TrySplit(fields.Text("args") ?? "", out args, out var problem))
            {
                fields.Report("args", problem);
            }
        }
        else
        {
            args = fields.Texts("args", "a string in shell syntax or an array of strings");
        }

        for (var i = 0; i < args.Length; i++)
        {
            _ = Checked(fields, $"args[{i}]", args[i], SpecValidator.ArgumentProblem);
        }

        return args;
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
