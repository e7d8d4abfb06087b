using System.CommandLine;
using System.Net.Http.Json;
using Warp.Node.Configuration;
using Warp.Node.Http.Documents;

namespace Warp.Node.Cli.Commands;

/// <summary><c>warp ca rotate|status</c>: another CA for the cluster, without a connection that fails.</summary>
internal static class AuthorityCommand
{
    private const string Root = "warp/v1/authority";
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    public static Command Create(ConnectionOptions connection, CommandOutput output) => new("ca", "The cluster's own certificate authority.") { Rotate(connection, output), Status(connection, output) };

    private static Command Rotate(ConnectionOptions connection, CommandOutput output)
    {
        var finish = new Option<bool>("--finish") { Description = "End the trust in the old CA, once nobody shows a certificate of it any more." };
        var force = new Option<bool>("--force") { Description = "Do not wait for runners that hold the next step up; they will have to be added again." };
        var timeout = new Option<int>("--timeout") { Description = "How many seconds to wait for the runners.", HelpName = "SECONDS", DefaultValueFactory = _ => 300 };
        var command = new Command("rotate", "Replace the CA: make a new one, have every node trust it, renew all certificates under it.") { finish, force, timeout };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var node = connection.Connect(parsed);
            using var time = new WaitTime(parsed.GetValue(timeout), cancellationToken);
            var forced = parsed.GetValue(force);
            if (parsed.GetValue(finish))
            {
                var end = await SendAsync(node, "finish", forced, cancellationToken);
                output.Line($"Only {end.Signing} is trusted now. Copies of ca.crt and admin.crt on other machines have to be replaced by those of the data folder here.");
                return (int)ExitCode.Ok;
            }

            var status = await ReadAsync(node, cancellationToken);
            if (status.Phase != AuthorityPhase.Overlap)
            {
                status = await SendAsync(node, "begin", forced, cancellationToken);
                output.Line($"{status.Next} is announced; it signs as soon as every runner trusts it.");
                await AwaitAsync(node, forced, time, cancellationToken);
                status = await SendAsync(node, "switch", forced, cancellationToken);
            }

            output.Line($"{status.Signing} signs; every node renews its certificates.");
            await AwaitAsync(node, forced, time, cancellationToken);
            output.Line("No node shows a certificate of the old CA any more. 'warp ca rotate --finish' ends the trust in it.");
            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static Command Status(ConnectionOptions connection, CommandOutput output)
    {
        var command = new Command("status", "Where a change of the CA stands.");
        ReadingVerb.SetAction(
            command, connection, output, ManagementJson.Default.AuthorityDocument, static (node, _, cancellationToken) => ReadAsync(node, cancellationToken), status => output.Line(Text(status)));
        return command;
    }

    private static string Text(AuthorityDocument status)
    {
        var waiting = status.WaitingFor.IsEmpty ? "nobody holds up the next step" : $"waiting for {string.Join(", ", status.WaitingFor)}";
        return status.Phase switch
        {
            AuthorityPhase.Announced => $"{status.Signing} signs, {status.Next} is announced; {waiting}.",
            AuthorityPhase.Overlap => $"{status.Signing} signs, the old CA is still trusted; {waiting}.",
            _ => $"{status.Signing} signs, and no other CA is trusted.",
        };
    }

    private static async Task AwaitAsync(NodeClient node, bool force, WaitTime time, CancellationToken cancellationToken)
    {
        while (!force && await HoldersAsync(node, cancellationToken) is { Length: > 0 } waiting)
        {
            if (time.IsOver)
            {
                throw new OperatorException(
                    ExitCode.TimedOut, $"{waiting} still hold it up after {time.Seconds} s. Nothing is lost: start their nodes or remove them, and run the same again; or say --force.");
            }

            await Task.Delay(LookEvery, cancellationToken);
        }
    }

    // The control plane is away for seconds while a node takes its new certificate for the cluster.
    private static async Task<string> HoldersAsync(NodeClient node, CancellationToken cancellationToken)
    {
        try
        {
            return string.Join(", ", (await ReadAsync(node, cancellationToken)).WaitingFor);
        }
        catch (OperatorException away) when (away.ExitCode == ExitCode.Unreachable)
        {
            return "the control plane";
        }
    }

    private static Task<AuthorityDocument> ReadAsync(NodeClient node, CancellationToken cancellationToken) =>
        node.ReadAsync(Root, ManagementJson.Default.AuthorityDocument, cancellationToken);

    private static async Task<AuthorityDocument> SendAsync(NodeClient node, string step, bool force, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Root}/{step}{(force ? "?force=true" : "")}");
        using var answer = await node.SendStreamAsync(request, cancellationToken);
        return await answer.Content.ReadFromJsonAsync(ManagementJson.Default.AuthorityDocument, cancellationToken) ?? throw new OperatorException(ExitCode.Failed, "The node answered nothing.");
    }
}
