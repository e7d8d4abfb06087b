using System.CommandLine;
using Warp.Node.Configuration;

namespace Warp.Node.Cli.Commands;

/// <summary>The ports that other nodes have to know of a node, chosen when it is made.</summary>
internal sealed class PortOptions
{
    private readonly Option<int> _cluster = Port("--cluster-port", NodePorts.Default.Cluster, "cluster");
    private readonly Option<int> _tunnel = Port("--tunnel-port", NodePorts.Default.Tunnel, "tunnel");
    private readonly Option<int> _management = Port("--management-port", NodePorts.Default.Management, "management API");

    public void AddTo(Command command)
    {
        command.Add(_cluster);
        command.Add(_tunnel);
        command.Add(_management);
    }

    public NodePorts Of(ParseResult parsed) => new(parsed.GetValue(_cluster), parsed.GetValue(_tunnel), parsed.GetValue(_management));

    private static Option<int> Port(string name, int standard, string what)
    {
        var option = new Option<int>(name) { Description = $"The TCP port of its {what}.", HelpName = "PORT", DefaultValueFactory = _ => standard };
        option.Validators.Add(result =>
        {
            if (result.Errors.Any() || result.GetValueOrDefault<int>() is >= 1 and <= 65535)
            {
                return;
            }

            result.AddError($"{name}: a port is a number from 1 to 65535.");
        });
        return option;
    }
}
