using Warp.Cluster.Containers;

namespace Warp.Node.Http.Documents;

/// <summary>One line of a container's output in the NDJSON form; <c>Stream</c> is <c>stdout</c> or <c>stderr</c>.</summary>
internal sealed record LogLineDocument(DateTimeOffset Time, string Stream, string Text)
{
    public static LogLineDocument From(LogLine line) => new(line.Time, line.Error ? "stderr" : "stdout", line.Text);
}
