using Warp.EndToEnd.Tests.Fixture;
using Warp.Lab.Machines;

namespace Warp.EndToEnd.Tests.Names;

/// <summary>A name server on the machine outside, which is r1's only one until the end.</summary>
internal sealed class OutsideNames : IAsyncDisposable
{
    private readonly LabFixture _lab;
    private readonly MachineProcess _server;

    private OutsideNames(LabFixture lab, MachineProcess server) => (_lab, _server) = (lab, server);

    public static async Task<OutsideNames> StartAsync(LabFixture lab, string name, string address)
    {
        var outsider = lab.Lab.Outsider;
        string[] command =
        [
            "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--pid-file=", "--user=root", "--no-resolv", "--no-hosts", $"--address=/{name}/{address}",
        ];
        var started = new OutsideNames(lab, await outsider.StartAsync(Path.Combine(outsider.Folder, "dnsmasq.log"), command));
        var file = Path.Combine(lab.R1.Machine.Folder, "resolv.conf");
        await File.WriteAllTextAsync(file, $"nameserver {lab.Lab.OutsiderAddress}\n");
        (await lab.R1.Machine.RunAsync(["mount", "--bind", file, "/etc/resolv.conf"])).Ensure();
        return started;
    }

    public async ValueTask DisposeAsync()
    {
        (await _lab.R1.Machine.RunAsync(["umount", "/etc/resolv.conf"])).Ensure();
        await _server.KillAsync();
        _server.Dispose();
    }
}
