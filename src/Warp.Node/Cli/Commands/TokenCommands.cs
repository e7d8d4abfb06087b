using System.CommandLine;
using System.Globalization;
using Warp.Node.Configuration;
using Warp.Node.Security;

namespace Warp.Node.Cli.Commands;

/// <summary><c>warp token create|list|revoke</c>: what lets other machines join by one line.</summary>
internal static class TokenCommands
{
    private const int MaxHours = 24 * 30;
    private const int MaxUses = 1000;

    public static Command Create(ConnectionOptions connection, CommandOutput output) =>
        new("token", "Join tokens, on the first control node.") { Make(connection, output), List(connection, output), Revoke(connection, output) };

    private static Command Make(ConnectionOptions connection, CommandOutput output)
    {
        var hours = new Option<int>("--hours") { Description = "How long it may be used.", HelpName = "HOURS", DefaultValueFactory = _ => 1 };
        var uses = new Option<int>("--uses") { Description = "By how many machines.", HelpName = "NUMBER", DefaultValueFactory = _ => 1 };
        var command = new Command("create", "Make a token that lets another machine join with 'warp join'.") { hours, uses };
        command.SetAction(parsed =>
        {
            var (life, times) = (InRange(parsed.GetValue(hours), MaxHours, "--hours"), InRange(parsed.GetValue(uses), MaxUses, "--uses"));
            output.Line(JoinTokenBook.Issue(connection.Data(parsed), TimeSpan.FromHours(life), times, TimeProvider.System).Text);
            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static Command List(ConnectionOptions connection, CommandOutput output)
    {
        var command = new Command("list", "List the tokens that may still be used.");
        command.SetAction(parsed =>
        {
            output.Table(["token", "until", "uses left"], JoinTokenBook.List(connection.Data(parsed), TimeProvider.System).Tokens.Select(Row));
            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static Command Revoke(ConnectionOptions connection, CommandOutput output)
    {
        var id = new Argument<string>("TOKEN") { Description = "The token's name, as 'warp token list' shows it." };
        var command = new Command("revoke", "Take a token back; who has joined by it stays.") { id };
        command.SetAction(parsed =>
        {
            JoinTokenBook.Revoke(connection.Data(parsed), parsed.GetRequiredValue(id), TimeProvider.System);
            output.Line($"Nobody joins by {parsed.GetRequiredValue(id)} any more.");
            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static int InRange(int number, int most, string option) =>
        number >= 1 && number <= most ? number : throw new OperatorException(ExitCode.Usage, string.Create(CultureInfo.InvariantCulture, $"{option}: a number from 1 to {most} is expected, not {number}."));

    private static IReadOnlyList<string> Row(IssuedToken token) =>
        [token.Id, token.ExpiresAt.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture), token.UsesLeft.ToString(CultureInfo.InvariantCulture)];
}
