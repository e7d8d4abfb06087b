using System.Text.Json.Nodes;

namespace Warp.Node.Cli.Configuration;

/// <summary>
/// Reads <c>variables</c> and <c>deployment.variables</c>: a value is a string, or says where it comes from: <c>{ local: true }</c> the shell of who deploys,
/// <c>{ empty: true }</c> nothing, <c>{ undef: true }</c> not even that.
/// </summary>
/// <param name="local">Looks into the environment of who deploys.</param>
internal sealed class VariablesReader(Func<string, string?> local)
{
    /// <summary>Takes up one of the two objects; what it says wins over what was taken up before.</summary>
    public void Read(ConfigValue? value, string attribute, JsonObject variables, FieldOrigins origin, ConfigProblems problems)
    {
        if (value is not ConfigObject given)
        {
            if (value is not null)
            {
                problems.Error(origin.AtAttribute(attribute, $"an object with the variables is expected, such as {{ LOG_LEVEL: \"info\" }}, not {value.Kind}"));
            }

            return;
        }

        foreach (var (name, content) in given.Attributes)
        {
            var here = $"{attribute}.{name}";
            origin.Add($"variables.{name}", here);
            switch (content)
            {
                case ConfigText text:
                    variables[name] = text.Text;
                    break;
                case ConfigObject { Attributes: [("local", ConfigFlag { Value: true })] }:
                    Take(name, here, variables, origin, problems);
                    break;
                case ConfigObject { Attributes: [("empty", ConfigFlag { Value: true })] }:
                    variables[name] = "";
                    break;
                case ConfigObject { Attributes: [("undef", ConfigFlag { Value: true })] }:
                    _ = variables.Remove(name);
                    break;
                case ConfigNumber or ConfigFlag:
                    problems.Error(origin.AtAttribute(here, $"a variable is a text: write it in quotes, as \"{content}\""));
                    break;
                default:
                    problems.Error(origin.AtAttribute(here, $"a string, {{ local: true }}, {{ empty: true }} or {{ undef: true }} is expected, not {content.Kind}{(content is ConfigObject ? " like this" : "")}"));
                    break;
            }
        }
    }

    private void Take(string name, string here, JsonObject variables, FieldOrigins origin, ConfigProblems problems)
    {
        if (local(name) is { } value)
        {
            variables[name] = value;
        }
        else
        {
            problems.Error(origin.AtAttribute(here, $"{name} is not set in your shell, where {{ local: true }} takes it from. Set it ('export {name}=...') and deploy again"));
        }
    }
}
