using System.Text.Json;
using Microsoft.Extensions.Logging;
using Warp.Node.Http.Documents;

namespace Warp.Node.Http.Auditing;

/// <summary>
/// Who changed what. A change is not refused because its entry cannot be written: on a full disk, removing and draining is how it is mended. The entry is in the node's own log then, and the
/// next one that can be written says how many are missing.
/// </summary>
/// <param name="file">Where entries go.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Where they go when the disk does not take them.</param>
internal sealed class AuditLog(AuditFile file, TimeProvider time, ILogger log)
{
    private readonly RefusalRepeats _refusals = new(time);
    private readonly Lock _turn = new();
    private int _lost;

    /// <summary>Keeps a change that was asked for and answered, whatever the answer was.</summary>
    public void KeepChange(AuditEntryDocument entry) => Write(entry with { At = time.GetUtcNow() });

    /// <summary>Keeps an attempt that was refused; of many that are alike only one a minute, so that they do not push changes out of the log.</summary>
    public void KeepRefusal(AuditEntryDocument entry)
    {
        if (_refusals.IsNews(entry, out var unwritten))
        {
            Write(entry with { At = time.GetUtcNow(), Unwritten = unwritten > 0 ? unwritten : null });
        }
    }

    private void Write(AuditEntryDocument entry)
    {
        lock (_turn)
        {
            byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(entry with { Lost = _lost > 0 ? _lost : null }, ManagementJson.Default.AuditEntryDocument), (byte)'\n'];
            try
            {
                file.Append(line);
                _lost = 0;
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                _lost++;
                log.LogError(
                    "{File} cannot be written ({Problem}): make room, or see who may write there. The request is answered all the same; its audit entry is {Entry}",
                    file.Path, failure.Message, JsonSerializer.Serialize(entry, ManagementJson.Default.AuditEntryDocument));
            }
        }
    }
}
