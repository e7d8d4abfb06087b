using Warp.Node.Routing;

namespace Warp.Node.Names;

/// <summary>Answers one question: from the routes, which every thread reads without a lock, or by asking the host's name servers.</summary>
/// <param name="routes">Which names there are behind which bridge.</param>
/// <param name="zone">What the node answers for.</param>
/// <param name="forwarder">Who asks others.</param>
/// <param name="waiting">How many questions may wait for others, or for the routes.</param>
/// <param name="counters">What came of the questions.</param>
internal sealed class Resolver(INameLookup routes, ServiceZone zone, Forwarder forwarder, Occupancy waiting, NameCounters counters)
{
    // A node that has just started knows no bridge until its routes are published; the engine's own resolver waits twice as long for an answer.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromMilliseconds(50);

    /// <summary>The answer; null for what is no question, which gets none.</summary>
    /// <param name="asker">Who asks.</param>
    /// <param name="query">The bytes that came; they are read until the task ends.</param>
    /// <param name="overTcp">How they came.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public ValueTask<byte[]?> AnswerAsync(Asker asker, ReadOnlyMemory<byte> query, bool overTcp, CancellationToken cancellationToken)
    {
        if (!DnsQuestion.TryRead(query.Span, out var question))
        {
            counters.Count(NameEvent.Malformed, asker);
            return default;
        }

        if (zone.Covers(question) && routes.NamesBehind(asker.Gateway) is { } names)
        {
            counters.Count(NameEvent.AnsweredHere, asker);
            return ValueTask.FromResult<byte[]?>(ServiceZone.Answer(query.Span, question, names));
        }

        if (!waiting.TryEnter(asker))
        {
            counters.Count(NameEvent.TooMany, asker);
            return ValueTask.FromResult<byte[]?>(DnsAnswer.Failure(query.Span, question, DnsOutcome.ServerFailure));
        }

        return new ValueTask<byte[]?>(WaitAsync(asker, query, question, overTcp, cancellationToken));
    }

    private async Task<byte[]?> WaitAsync(Asker asker, ReadOnlyMemory<byte> query, DnsQuestion question, bool overTcp, CancellationToken cancellationToken)
    {
        try
        {
            var answer = zone.Covers(question)
                ? await AwaitRoutesAsync(asker, query, question, cancellationToken)
                : await forwarder.AskAsync(query, question, overTcp, cancellationToken);
            counters.Count(answer is null ? NameEvent.Unanswered : NameEvent.AnsweredElsewhere, asker);
            return answer ?? DnsAnswer.Failure(query.Span, question, DnsOutcome.ServerFailure);
        }
        finally
        {
            waiting.Leave(asker);
        }
    }

    private async Task<byte[]?> AwaitRoutesAsync(Asker asker, ReadOnlyMemory<byte> query, DnsQuestion question, CancellationToken cancellationToken)
    {
        for (var waited = TimeSpan.Zero; waited < s_patience; waited += s_lookEvery)
        {
            await Task.Delay(s_lookEvery, cancellationToken);
            if (routes.NamesBehind(asker.Gateway) is { } names)
            {
                return ServiceZone.Answer(query.Span, question, names);
            }
        }

        return null;
    }
}
