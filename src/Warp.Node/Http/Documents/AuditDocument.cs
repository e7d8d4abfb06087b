using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Warp.Node.Http.Documents;

/// <summary>What a node was asked to change, and by whom.</summary>
/// <param name="Runner">The node; each keeps what it was asked itself.</param>
/// <param name="Entries">The oldest first.</param>
internal sealed record AuditDocument(string Runner, ImmutableArray<AuditEntryDocument> Entries);

/// <summary>One change that was asked for, or one attempt that was refused. Queries, headers and bodies are never part of it: they may hold secrets.</summary>
/// <param name="At">When it was answered.</param>
/// <param name="Who">The name in the client certificate, or the user of this host who used the Unix socket; null when the caller has proven nothing.</param>
/// <param name="From">The address; "local" for the Unix socket.</param>
/// <param name="What">The operation's id in the API's document; the method when no operation is meant.</param>
/// <param name="Path">What it was asked of.</param>
/// <param name="Deployment">The deployment that it is about; null when it is about none.</param>
/// <param name="PassedOnBy">The runner that passed it on for somebody else, whom its own log names; null when the caller asked for itself.</param>
/// <param name="Status">The answer's HTTP status; null when the caller went before there was one.</param>
/// <param name="Error">The kind of the problem that was answered; null when there was none.</param>
/// <param name="Unwritten">So many refused attempts of the same kind were not written since the last that was; null for none.</param>
/// <param name="Lost">So many entries before this one could not be written, and are in the node's own log; null for none.</param>
internal sealed record AuditEntryDocument(
    DateTimeOffset At,
    string? Who,
    string From,
    string What,
    string Path,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Deployment,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? PassedOnBy,
    int? Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Error,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Unwritten = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Lost = null);
