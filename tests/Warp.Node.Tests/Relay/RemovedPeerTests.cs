using System.Diagnostics;
using System.Net.Sockets;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Node.Relay;
using Warp.Node.Security;
using Warp.Node.Tests.Security;
using Xunit;

namespace Warp.Node.Tests.Relay;

/// <summary>A runner that is removed from the cluster loses what it has open, and gets nothing any more.</summary>
public sealed class RemovedPeerTests : IDisposable
{
    private readonly CertificateBed _bed = new();
    private readonly FileCredentialSource _two;

    public RemovedPeerTests() => _two = _bed.Join("two");

    public void Dispose() => _bed.Dispose();

    [Theory]
    [InlineData(TlsLibrary.Automatic, "one")]
    [InlineData(TlsLibrary.Automatic, "two")]
    [InlineData(TlsLibrary.Framework, "two")]
    public async Task Removal_ends_open_streams_and_refuses_new_ones_whichever_end_hears_of_it(TlsLibrary library, string hears)
    {
        await using var server = TargetServer.Echo();
        await using var relays = TestRelays.Start(server.Port, TestRelays.Options with { TlsLibrary = library }, credentialsOf: name => Of(name).Tunnel);
        using var client = await relays.ConnectAsync();
        await TargetServer.SendAllAsync(client, "hello"u8.ToArray());
        (await client.ReceiveAsync(new byte[5]).WaitAsync(Wait.Limit)).ShouldBe(5);

        Of(hears).Take(new ClusterTrust([new RunnerRemoval(RunnerId.Parse(hears is "one" ? "two" : "one"), long.MaxValue, DateTimeOffset.UtcNow)])).ShouldBeTrue();

        (await StreamEndTests.EndOf(client)).ShouldBe(SocketError.ConnectionReset);
        relays.Log.Lines.ShouldContain(line => line.Contains("the peer was removed from the cluster", StringComparison.Ordinal));

        // Each connection asks for a trunk, and is reset when none comes.
        await Wait.UntilAsync(
            async () =>
            {
                (await relays.EndOfRefusedAsync()).ShouldBe(SocketError.ConnectionReset);
                return relays.Log.Lines.Any(line => line.Contains("was removed from the cluster on", StringComparison.Ordinal));
            },
            "the log says why it is refused");
    }

    [Fact]
    public async Task The_removal_of_somebody_else_disturbs_no_stream()
    {
        await using var server = TargetServer.Echo();
        await using var relays = TestRelays.Start(server.Port, credentialsOf: name => Of(name).Tunnel);
        using var client = await relays.ConnectAsync();
        await TargetServer.SendAllAsync(client, "hello"u8.ToArray());
        (await client.ReceiveAsync(new byte[5]).WaitAsync(Wait.Limit)).ShouldBe(5);

        foreach (var node in (FileCredentialSource[])[_bed.One, _two])
        {
            node.Take(new ClusterTrust([new RunnerRemoval(RunnerId.Parse("three"), long.MaxValue, DateTimeOffset.UtcNow), new RunnerRemoval(RunnerId.Parse("two"), 1, DateTimeOffset.UtcNow)]));
        }

        // The trunks look once a second.
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < TimeSpan.FromSeconds(2.5);)
        {
            await TargetServer.SendAllAsync(client, "again"u8.ToArray());
            (await client.ReceiveAsync(new byte[5]).WaitAsync(Wait.Limit)).ShouldBe(5);
        }
    }

    private FileCredentialSource Of(string name) => name is "one" ? _bed.One : _two;
}
