using System.CommandLine;
using Warp.Node.Configuration;
using Warp.Node.Security;

namespace Warp.Node.Cli.Commands;

/// <summary><c>warp join</c>: makes this machine a node of an existing cluster, by a token or by a bundle.</summary>
internal static class JoinCommand
{
    public static Command Create(ConnectionOptions connection, CommandOutput output)
    {
        var source = new Argument<string>("TOKEN|BUNDLE") { Description = "What 'warp token create' printed, or the file that 'warp runner add' wrote." };
        var name = new Option<string?>("--name") { Description = "With a token: this machine's name in the cluster. Default: its host name.", HelpName = "NAME" };
        var address = new Option<string?>("--address") { Description = "With a token: how other machines reach this one. Default: the address of the default route.", HelpName = "HOST" };
        var ports = new PortOptions();
        var command = new Command("join", "Take part in a cluster with a token, or with the bundle that was made for this machine.") { source, name, address };
        ports.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var data = connection.Data(parsed);
            var text = parsed.GetRequiredValue(source);
            var joined = JoinToken.TryParse(text, out var token)
                ? await ByTokenAsync(data, token, parsed.GetValue(name), parsed.GetValue(address), ports.Of(parsed), cancellationToken)
                : ByBundle(data, text);
            output.Line($"This machine is {joined.Runner} of the cluster {joined.Cluster}, reached at {joined.Address}. Data folder: {data.Root}");
            output.Line(token is null ? "Next: 'warp run' starts the node. The bundle is no longer needed: delete it." : "Next: 'warp run' starts the node.");
            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static NodeDescription ByBundle(DataFolder data, string text) => text.StartsWith(JoinToken.Prefix, StringComparison.Ordinal)
        ? throw new OperatorException(ExitCode.Usage, "This is not the whole token: copy the line of 'warp token create' from its first to its last character.")
        : NodeJoiner.Join(new JoinRequest(data, text));

    private static async Task<NodeDescription> ByTokenAsync(DataFolder data, JoinToken token, string? name, string? address, NodePorts ports, CancellationToken cancellationToken)
    {
        ExistingNode.Refuse(data);
        var bundle = await new JoinClient(token).JoinAsync(
            SetupNames.Node(name).Value, address is null ? AdvertisedAddress.Detect() : AdvertisedAddress.Check(address), ports, cancellationToken);
        return NodeJoiner.Take(data, bundle, $"What {token.Node} answered");
    }
}
