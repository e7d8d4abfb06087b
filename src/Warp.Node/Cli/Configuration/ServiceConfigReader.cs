using System.Text.Json.Nodes;

namespace Warp.Node.Cli.Configuration;

/// <summary>Turns one service of a configuration file into an entry of the API's <c>services</c>. The values themselves are judged where the API judges them: by the spec's parser.</summary>
/// <param name="folder">Full path of the file's folder.</param>
/// <param name="variables">Reads the variables.</param>
/// <param name="problems">Where everything wrong goes.</param>
internal sealed class ServiceConfigReader(string folder, VariablesReader variables, ConfigProblems problems)
{
    private const string LastResort = "container";

    /// <summary>The attributes that the API has too, with its names for them.</summary>
    private static readonly (string Attribute, string Field)[] Same =
    [
        ("args", "args"), ("runner", "runner"), ("replicas", "replicas"), ("resources", "resources"), ("restart", "restart"), ("pull", "pull"),
        ("stopGraceSeconds", "stopGraceSeconds"), ("connectHold", "connectHoldSeconds"), ("drain", "drainSeconds"),
    ];

    private static readonly (string Attribute, string Field)[] SameOfDeployment = [("port", "port"), ("public", "public"), ("domains", "domains")];

    private static readonly (string Attribute, string Field)[] SecondsOfHealth = [("interval", "intervalSeconds"), ("timeout", "timeoutSeconds"), ("start", "startSeconds")];

    /// <summary>The name that a service has when its file gives none: that of its folder.</summary>
    public static string DefaultName(string folder) => Path.GetFileName(folder) is { Length: > 0 } name ? name : LastResort;

    /// <summary>Reads it; whether the result may be used is known to <see cref="ConfigProblems.ThrowIfAny"/>.</summary>
    public ServiceConfig Read(ConfigObject service, FieldOrigins origin)
    {
        foreach (var (path, message) in ConfigAttributes.Warnings(service))
        {
            problems.Warn(origin.AtAttribute(path, message));
        }

        var entry = new JsonObject { ["name"] = Name(service, origin) };
        var build = Image(service, entry, origin);
        Copy(service, "", Same, entry, origin);
        if (Child(service, "deployment", origin) is { } deployment)
        {
            Copy(deployment, "deployment.", SameOfDeployment, entry, origin);
            BaseUrl(deployment, entry, origin);
        }

        Health(service["health"], entry, origin);
        Variables(service, entry, origin);
        Volumes(service["volumes"], entry, origin);
        return new ServiceConfig(entry["name"] is JsonValue name && name.TryGetValue<string>(out var text) ? text : "", entry, build, origin);
    }

    private JsonNode? Name(ConfigObject service, FieldOrigins origin)
    {
        if (service["container"] is not null && service["docker"] is not null)
        {
            problems.Error(origin.AtAttribute("docker", "'container' and 'docker' are two spellings of the service's name: keep one"));
        }

        origin.Add("name", service["container"] is null && service["docker"] is not null ? "docker" : "container");
        return (service["container"] ?? service["docker"]) is { } name ? Json(name, "container", origin) : DefaultName(folder);
    }

    private BuildConfig? Image(ConfigObject service, JsonObject entry, FieldOrigins origin)
    {
        var build = new BuildReader(folder, origin, problems).Read(service);
        var image = service["image"];
        if (image is null)
        {
            if (build is null && service["build"] is null && BuildReader.HasDockerfile(folder))
            {
                return BuildReader.Default(folder);
            }

            if (build is null && service["build"] is null)
            {
                problems.Error(origin.AtAttribute(
                    "", $"there is no image to run: name one, as in image: {{ name: \"nginx:latest\" }}, or put a Dockerfile into {folder}, or say with 'build' where it is"));
            }

            return build;
        }

        if (build is not null)
        {
            problems.Error(origin.AtAttribute("image", "an image is either built or named: keep 'build' or 'image'"));
        }

        var name = image is ConfigObject named ? named["name"] : image;
        origin.Add("image", image is ConfigObject ? "image.name" : "image");
        if (name is null)
        {
            problems.Error(origin.AtAttribute("image", "'image' takes the attribute 'name', as in image: { name: \"nginx:latest\" }"));
        }
        else
        {
            entry["image"] = Json(name, "image.name", origin);
        }

        return null;
    }

    private void BaseUrl(ConfigObject deployment, JsonObject entry, FieldOrigins origin)
    {
        var (newer, older) = (deployment["baseUrl"], deployment["baseUrlId"]);
        if (newer is not null && older is not null)
        {
            problems.Error(origin.AtAttribute("deployment.baseUrlId", "this is an older spelling of 'deployment.baseUrl.id', which is there too: keep one"));
        }

        if (newer is not (null or ConfigObject))
        {
            problems.Error(origin.AtAttribute("deployment.baseUrl", $"an object is expected, such as {{ id: \"main\" }}, not {newer.Kind}"));
        }

        origin.Add("baseUrl", newer is null ? "deployment.baseUrlId" : "deployment.baseUrl.id");
        if (((newer as ConfigObject)?["id"] ?? older) is { } id)
        {
            entry["baseUrl"] = Json(id, "deployment.baseUrl.id", origin);
        }
    }

    private void Health(ConfigValue? health, JsonObject entry, FieldOrigins origin)
    {
        if (health is not ConfigObject check)
        {
            if (health is not null)
            {
                entry["health"] = Json(health, "health", origin);
            }

            return;
        }

        var field = new JsonObject();
        foreach (var (name, value) in check.Attributes.Where(attribute => ConfigAttributes.Known["health"].Contains(attribute.Name, StringComparer.Ordinal)))
        {
            var spelled = SecondsOfHealth.FirstOrDefault(pair => string.Equals(pair.Attribute, name, StringComparison.Ordinal)).Field ?? name;
            origin.Add($"health.{spelled}", $"health.{name}");
            field[spelled] = value is ConfigObject http ? Known(http, "health.http", $"health.{name}", origin) : Json(value, $"health.{name}", origin);
        }

        entry["health"] = field;
    }

    private void Variables(ConfigObject service, JsonObject entry, FieldOrigins origin)
    {
        var all = new JsonObject();
        variables.Read(service["variables"], "variables", all, origin, problems);
        variables.Read((service["deployment"] as ConfigObject)?["variables"], "deployment.variables", all, origin, problems);
        if (all.Count > 0)
        {
            entry["variables"] = all;
        }
    }

    private void Volumes(ConfigValue? volumes, JsonObject entry, FieldOrigins origin)
    {
        switch (volumes)
        {
            case null:
                return;
            case ConfigObject only:
                origin.Add("volumes[0]", "volumes");
                entry["volumes"] = new JsonArray(Known(only, "volumes[]", "volumes", origin));
                return;
            case ConfigList list:
                entry["volumes"] = new JsonArray(
                    [.. list.Items.Select((item, index) => item is ConfigObject volume ? Known(volume, "volumes[]", $"volumes[{index}]", origin) : Json(item, $"volumes[{index}]", origin))]);
                return;
            default:
                problems.Error(origin.AtAttribute("volumes", $"an object such as {{ id: \"data\", path: \"/var/lib/data\" }}, or an array of them, is expected, not {volumes.Kind}"));
                return;
        }
    }

    private void Copy(ConfigObject from, string prefix, (string Attribute, string Field)[] names, JsonObject entry, FieldOrigins origin)
    {
        foreach (var (attribute, field) in names)
        {
            origin.Add(field, prefix + attribute);
            if (from[attribute] is { } value)
            {
                entry[field] = value is ConfigObject inner && ConfigAttributes.Known.ContainsKey(attribute)
                    ? Known(inner, attribute, attribute, origin)
                    : Json(value, prefix + attribute, origin);
            }
        }
    }

    private ConfigObject? Child(ConfigObject parent, string name, FieldOrigins origin)
    {
        if (parent[name] is not (null or ConfigObject) and { } wrong)
        {
            problems.Error(origin.AtAttribute(name, $"an object is expected, not {wrong.Kind}"));
        }

        return parent[name] as ConfigObject;
    }

    // Unknown attributes were warned of; the API would refuse them.
    private JsonObject Known(ConfigObject value, string pattern, string path, FieldOrigins origin) => new(value.Attributes
        .Where(attribute => ConfigAttributes.Known[pattern].Contains(attribute.Name, StringComparer.Ordinal))
        .Select(attribute => KeyValuePair.Create(attribute.Name, Json(attribute.Value, $"{path}.{attribute.Name}", origin))));

    private JsonNode? Json(ConfigValue value, string path, FieldOrigins origin)
    {
        var json = value.ToJson();
        if (json is null)
        {
            problems.Error(origin.AtAttribute(path, $"this attribute takes no value of this kind: {value.Kind}"));
        }

        return json;
    }
}
