using Microsoft.Extensions.Logging;
using Warp.Cluster.Identity;

namespace Warp.Node.Names;

/// <summary>What the name server says in the log.</summary>
internal static partial class NamesLog
{
    [LoggerMessage(EventId = 5001, Level = LogLevel.Warning, Message = "Dropped a packet of {Container} to the name server at {Gateway}, which is no question for a name ({Count} since the start)")]
    internal static partial void Malformed(ILogger log, Ipv4Address container, Ipv4Address gateway, long count);

    [LoggerMessage(EventId = 5002, Level = LogLevel.Warning, Message = "A question of {Container} to the name server at {Gateway} found no answer: none of the name servers in /etc/resolv.conf gave one in time, or the deployment is not known yet ({Count} since the start)")]
    internal static partial void Unanswered(ILogger log, Ipv4Address container, Ipv4Address gateway, long count);

    [LoggerMessage(EventId = 5003, Level = LogLevel.Warning, Message = "{Container} asks the name server at {Gateway} more at once than its share; what is beyond it fails ({Count} since the start)")]
    internal static partial void OverLimit(ILogger log, Ipv4Address container, Ipv4Address gateway, long count);
}
