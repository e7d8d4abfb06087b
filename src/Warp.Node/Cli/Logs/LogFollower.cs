using System.Globalization;
using System.Text.Json;
using Warp.Node.Configuration;
using Warp.Node.Http;
using Warp.Node.Http.Documents;

namespace Warp.Node.Cli.Logs;

/// <summary>Prints a service's output as it is written, and goes on with the successor of a container that was replaced, moved or started again.</summary>
internal sealed class LogFollower(NodeClient node, LogWish wish, CommandOutput output)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private readonly LogPosition _position = new();

    /// <summary>Goes on until it is cancelled, or the service is gone.</summary>
    /// <exception cref="OperatorException">The output cannot be had at all.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await ReadAsync(cancellationToken))
        {
            await Task.Delay(Pause, cancellationToken);
        }

        output.Fail($"{wish.Service.Deployment}/{wish.Service.Service} is gone.");
    }

    private async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        var opened = _position.Generation is not null;
        try
        {
            var now = opened ? wish with { Since = _position.Time ?? wish.Since, Tail = null } : wish;
            using var answer = await node.OpenLogsAsync(wish.Service, now.Query(follow: true), LogStream.NdJson, cancellationToken);
            Announce(answer);
            using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellationToken));
            while (await reader.ReadLineAsync(cancellationToken) is { } line)
            {
                Print(line);
            }

            return true;
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException)
        {
            output.Fail($"the output broke off ({broken.Message}); it goes on as soon as the node and its engine answer.");
            return true;
        }
        catch (OperatorException away) when (opened && away.ExitCode is ExitCode.Unreachable or ExitCode.Conflict)
        {
            return true;
        }
        catch (OperatorException gone) when (opened && gone.ExitCode == ExitCode.NotFound)
        {
            return false;
        }
    }

    private void Announce(HttpResponseMessage answer)
    {
        var generation = Header(answer, LogStream.GenerationHeader) is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : 0;
        if (_position.Opened(generation))
        {
            output.Fail($"{wish.Service.Service} was replaced: the output of its generation {generation} on {Header(answer, LogStream.RunnerHeader)} follows.");
        }
    }

    private void Print(string json)
    {
        var line = JsonSerializer.Deserialize(json, ManagementJson.Default.LogLineDocument)!;
        if (_position.IsNew(line))
        {
            output.Line(wish.Json ? json : line.Text);
        }
    }

    private static string? Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
