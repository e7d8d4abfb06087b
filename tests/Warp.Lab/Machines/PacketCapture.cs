namespace Warp.Lab.Machines;

/// <summary>A running tcpdump whose file can be searched for what must, or must not, be on the wire.</summary>
public sealed class PacketCapture : IDisposable
{
    private readonly MachineProcess _tcpdump;

    private PacketCapture(MachineProcess tcpdump, string file) => (_tcpdump, FileName) = (tcpdump, file);

    /// <summary>The pcap file.</summary>
    public string FileName { get; }

    /// <summary>Starts it and waits until it listens.</summary>
    /// <param name="machine">Where.</param>
    /// <param name="networkInterface">On which interface.</param>
    /// <param name="file">The new file.</param>
    public static async Task<PacketCapture> StartAsync(Machine machine, string networkInterface, string file)
    {
        ArgumentNullException.ThrowIfNull(machine);
        var log = file + ".log";
        File.Delete(log);
        var tcpdump = await machine.StartAsync(
            log, "tcpdump", "-i", networkInterface, "--immediate-mode", "-B", "32768", "-U", "-s", "0", "-Z", "root", "-w", file);
        await Poll.UntilAsync(
            "tcpdump listens",
            TimeSpan.FromSeconds(10),
            async () => (await File.ReadAllTextAsync(log)).Contains("listening on", StringComparison.Ordinal));
        return new PacketCapture(tcpdump, file);
    }

    /// <summary>Whether the bytes were seen in any one packet so far.</summary>
    public async Task<bool> SawAsync(ReadOnlyMemory<byte> bytes) =>
        (await File.ReadAllBytesAsync(FileName)).AsSpan().IndexOf(bytes.Span) >= 0;

    /// <summary>Ends the recording; the file stays.</summary>
    public Task StopAsync() => _tcpdump.TerminateAsync(TimeSpan.FromSeconds(10));

    /// <inheritdoc/>
    public void Dispose() => _tcpdump.Dispose();
}
