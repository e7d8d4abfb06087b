using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Warp.Node.Configuration;
using Warp.Node.Http.Documents;
using Warp.Node.Images.Logins;

namespace Warp.Node.Cli.Commands;

/// <summary><c>warp registry login|logout|list</c>: the cluster's logins at image registries.</summary>
internal static class RegistryCommand
{
    public static Command Create(ConnectionOptions connection, CommandOutput output) => new("registry", "Logins at image registries, for every runner of the cluster.")
    {
        Login(connection, output),
        Logout(connection, output),
        List(connection, output),
    };

    private static Command Login(ConnectionOptions connection, CommandOutput output)
    {
        var host = Host();
        var user = new Option<string>("--username", "-u") { Description = "The user at the registry.", HelpName = "USER", Required = true };
        var fromInput = new Option<bool>("--password-stdin") { Description = "Read the password or token from standard input; otherwise it is asked for." };
        var command = new Command("login", "Give the cluster a login; it is kept encrypted, and every runner pulls with it.") { host, user, fromInput };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var registry = Name(parsed.GetRequiredValue(host));
            var password = await PasswordAsync(output, registry, parsed.GetValue(fromInput), cancellationToken);
            using var node = connection.Connect(parsed);
            var kept = await new RegistryClient(node).LoginAsync(registry, new RegistryLoginRequest(parsed.GetRequiredValue(user), password), cancellationToken);
            output.Line($"Every runner pulls from {kept.Registry} as {kept.Username} within 10 s. Whether the registry takes the login shows at the first pull.");
            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static Command Logout(ConnectionOptions connection, CommandOutput output)
    {
        var host = Host();
        var command = new Command("logout", "Take a login away from the cluster.") { host };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var node = connection.Connect(parsed);
            var registry = Name(parsed.GetRequiredValue(host));
            _ = await new RegistryClient(node).LogoutAsync(registry, cancellationToken);
            output.Line($"No runner has a login for {registry} any more; images that were pulled stay.");
            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static Command List(ConnectionOptions connection, CommandOutput output)
    {
        var command = new Command("list", "List the logins; passwords are never shown.");
        ReadingVerb.SetAction(
            command,
            connection,
            output,
            ManagementJson.Default.RegistryListDocument,
            static (node, _, cancellationToken) => new RegistryClient(node).ListAsync(cancellationToken),
            list => output.Table(["registry", "user", "since"], list.Registries.Select(Row)));
        return command;
    }

    private static Argument<string> Host() => new("HOST") { Description = "The registry as image names begin with it, such as ghcr.io or registry.example.org:5000; docker.io is the hub." };

    private static string Name(string text) => RegistryHost.TryParse(text, out var registry, out var problem) ? registry : throw new OperatorException(ExitCode.Usage, $"{problem}.");

    private static IReadOnlyList<string> Row(RegistryDocument login) =>
        [login.Registry, login.Username, login.ChangedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture)];

    private static async Task<string> PasswordAsync(CommandOutput output, string registry, bool fromInput, CancellationToken cancellationToken)
    {
        if (fromInput)
        {
            // What a file or 'echo' ends with is not part of it.
            var text = (await output.In.ReadToEndAsync(cancellationToken)).TrimEnd('\r', '\n');
            return text.Length > 0 ? text : throw new OperatorException(ExitCode.Usage, "Standard input is empty: the password or token is expected there, such as 'warp registry login ... --password-stdin < token'.");
        }

        return output.Interactive
            ? await output.Console().PromptAsync(new TextPrompt<string>(Markup.Escape($"Password for {registry}:")).Secret(), cancellationToken)
            : throw new OperatorException(ExitCode.Usage, "There is no terminal to ask for the password: give it with --password-stdin.");
    }
}
