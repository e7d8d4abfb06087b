using System.Globalization;
using System.Text.Json.Nodes;
using Warp.Node.Cli.Configuration;
using Warp.Node.Configuration;

namespace Warp.Node.Cli.Deploying;

/// <summary>A whole deployment in one JSON file: the API's document, with comments allowed and with its name in it.</summary>
/// <param name="Name">Its <c>name</c>; null when it has none.</param>
/// <param name="Services">Its entries as they are.</param>
/// <param name="Labels">Its other fields.</param>
internal sealed record DeploymentFile(string? Name, IReadOnlyList<ServiceConfig> Services, JsonObject Labels)
{
    /// <summary>Reads it.</summary>
    /// <returns>Null when the file is something else: the configuration of services.</returns>
    /// <exception cref="OperatorException">The file cannot be read.</exception>
    public static DeploymentFile? Read(string file, ConfigProblems problems)
    {
        if (Path.GetExtension(file) is not ".json" || ConfigFolder.ReadFile(file) is not { Root: ConfigObject root } document || root["services"] is not { } services)
        {
            return null;
        }

        if (services is not ConfigList { Items: var items })
        {
            problems.Error(document.At("services", $"an array of services is expected, not {services.Kind}"));
            items = [];
        }

        var labels = root.ToJson()!.AsObject();
        _ = labels.Remove("name");
        _ = labels.Remove("services");
        return new DeploymentFile((root["name"] as ConfigText)?.Text, [.. items.Select((item, index) => Entry(item, index, document, problems)).OfType<ServiceConfig>()], labels);
    }

    private static ServiceConfig? Entry(ConfigValue item, int index, ConfigDocument document, ConfigProblems problems)
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"services[{index}]");
        if (item is ConfigObject service)
        {
            return new ServiceConfig((service["name"] as ConfigText)?.Text ?? "", service.ToJson()!.AsObject(), null, new FieldOrigins(document, path));
        }

        problems.Error(document.At(path, $"an object with a service is expected, not {item.Kind}"));
        return null;
    }
}
