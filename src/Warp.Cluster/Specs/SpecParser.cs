using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Cluster.Serialization;

namespace Warp.Cluster.Specs;

/// <summary>
/// Reads the document that a user sends to deploy:
/// <c>{ "project"?, "environment"?, "services": [ { "name", "image", "pull"?, "args"?, "variables"?, "port"?, "runner"?, "stopGraceSeconds"?, "replicas"?, "health"?, "resources"?,
/// "restart"?, "public"?, "baseUrl"?, "domains"?, "connectHoldSeconds"?, "drainSeconds"?, "volumes"? } ] }</c>. It names all that is wrong at once, never only the first thing.
/// </summary>
public static class SpecParser
{
    /// <summary>The largest document, in bytes.</summary>
    public const int MaxDocumentBytes = 4 * 1024 * 1024;

    /// <summary>
    /// The largest spec as it crosses the wire, in bytes: a runner is told it together with the one before, and that message has to fit into one frame between nodes
    /// (<c>maximum-frame-size</c> in <c>hocon/akka.conf</c>).
    /// </summary>
    public const int MaxSpecBytes = 3 * 1024 * 1024;

    private const int MaxProblems = 100;
    private static readonly ImmutableArray<string> Fields = ["name", "project", "environment", "services"];

    /// <summary>Reads and checks the document.</summary>
    /// <param name="name">The deployment's name, from the address that the document was sent to.</param>
    /// <param name="utf8Json">The document; strict JSON (RFC 8259).</param>
    public static SpecParseResult Parse(DeploymentName name, ReadOnlyMemory<byte> utf8Json)
    {
        if (utf8Json.Length > MaxDocumentBytes)
        {
            return SpecParseResult.Refused([new SpecProblem("", $"the document has {utf8Json.Length} bytes, {MaxDocumentBytes} are allowed; put large content into the image")]);
        }

        try
        {
            using var document = JsonDocument.Parse(utf8Json);
            return Read(name, document.RootElement);
        }
        catch (JsonException e)
        {
            var place = string.Create(CultureInfo.InvariantCulture, $"line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}");
            return SpecParseResult.Refused([new SpecProblem("", $"the document is not JSON: {e.Message.Split(" LineNumber:")[0]} ({place})")]);
        }
    }

    private static SpecParseResult Read(DeploymentName name, JsonElement root)
    {
        var problems = new List<SpecProblem>();
        var fields = JsonFields.Of(root, "", Fields, problems);
        if (!fields.IsObject)
        {
            return SpecParseResult.Refused([.. problems]);
        }

        if (fields.Text("name") is { } written && !string.Equals(written, name.Value, StringComparison.Ordinal))
        {
            fields.Report("name", $"the document names the deployment '{written}' but was sent to '{name}'; make them equal or leave the field out");
        }

        var project = Label(fields, "project");
        var environment = Label(fields, "environment");
        var services = Services(fields, problems);
        return problems.Count == 0 ? Sized(new DeploymentSpec(name, project, environment, services)) : SpecParseResult.Refused(Shorten(problems));
    }

    private static SpecParseResult Sized(DeploymentSpec spec)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(spec, WarpProtocolJson.Default.DeploymentSpec).Length;
        return bytes <= MaxSpecBytes
            ? SpecParseResult.Accepted(spec)
            : SpecParseResult.Refused([new SpecProblem(
                "services", $"the services take {bytes} bytes between nodes, {MaxSpecBytes} are allowed (a character beyond ASCII takes up to 6 each); put large content into images or volumes")]);
    }

    private static string Label(JsonFields fields, string field)
    {
        var text = fields.Text(field);
        if (text is not null && LabelRule.Problem(text) is { } problem)
        {
            fields.Report(field, problem);
        }

        return text ?? "default";
    }

    private static ImmutableArray<ServiceSpec> Services(JsonFields fields, List<SpecProblem> problems)
    {
        var elements = fields.Items("services");
        if (elements is not { Length: >= 1 and <= SpecValidator.MaxServices })
        {
            if (elements is not null || !fields.Has("services"))
            {
                fields.Report("services", $"a deployment has 1 to {SpecValidator.MaxServices} services, this one has {elements?.Length ?? 0}");
            }

            return [];
        }

        var services = elements.Value.Select((element, index) => ServiceSpecParser.Read(element, $"services[{index}]", problems)).ToList();
        problems.AddRange(SpecValidator.NameClashes([.. services.Select(service => service?.Name)]));
        problems.AddRange(SpecValidator.DomainClashes([.. services]));
        return [.. services.OfType<ServiceSpec>()];
    }

    private static ImmutableArray<SpecProblem> Shorten(List<SpecProblem> problems) => problems.Count <= MaxProblems
        ? [.. problems]
        : [.. problems.Take(MaxProblems), new SpecProblem("", $"and {problems.Count - MaxProblems} more problems")];
}

/// <summary>What came of reading a document; exactly one of the two is there.</summary>
/// <param name="Spec">The spec; null when refused.</param>
/// <param name="Problems">Everything that is wrong; empty when accepted.</param>
public sealed record SpecParseResult(DeploymentSpec? Spec, ImmutableArray<SpecProblem> Problems)
{
    /// <summary>Read.</summary>
    public static SpecParseResult Accepted(DeploymentSpec spec) => new(spec, []);

    /// <summary>Refused.</summary>
    public static SpecParseResult Refused(ImmutableArray<SpecProblem> problems) => new(null, problems);
}
