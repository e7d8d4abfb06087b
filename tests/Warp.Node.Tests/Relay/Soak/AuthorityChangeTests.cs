using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;
using Warp.Cluster.Protocol;
using Warp.Node.Security;
using Warp.Node.Tests.Security;
using Xunit;

namespace Warp.Node.Tests.Relay.Soak;

/// <summary>C46: the CA is replaced by overlap, under traffic.</summary>
[Collection(SoakGroup.Name)]
public sealed class AuthorityChangeTests
{
    [Fact]
    public async Task The_CA_is_replaced_without_a_connection_that_fails_and_the_old_one_is_refused_afterwards()
    {
        using var bed = new CertificateBed();
        var (one, two) = (bed.One, bed.Join("two"));
        var former = two.Current;
        await using var renewalOne = Renew(one, bed);
        await using var renewalTwo = Renew(two, bed);
        await using var server = TargetServer.Echo();
        await using var relays = TestRelays.Start(server.Port, credentialsOf: name => (name is "one" ? one : two).Tunnel);
        using var open = await relays.ConnectAsync();
        using var stop = new CancellationTokenSource();
        var traffic = TrafficAsync(relays, stop.Token);

        using var old = ClusterAuthority.Load(bed.Data("one"), TimeProvider.System);
        using (var next = ClusterAuthority.Create(CertificateBed.Cluster, TimeProvider.System, successor: true))
        {
            next.SaveNext(bed.Data("one"));
            Tell(new AuthoritySet(1, [old.CertificatePem, next.CertificatePem], old.Id), one, two);
            await Wait.UntilAsync(() => two.Current.Authorities.Length == 2, "both are trusted");
            ClusterAuthority.Succeed(bed.Data("one"));
            Tell(new AuthoritySet(2, [old.CertificatePem, next.CertificatePem], next.Id), one, two);
            foreach (var held in (Func<NodeCredentials>[])[() => one.Current, () => two.Current, () => one.Tunnel.Current, () => two.Tunnel.Current])
            {
                await Wait.UntilAsync(() => string.Equals(AuthorityId.IssuerOf(held().Certificate), next.Id, StringComparison.Ordinal), "it is renewed under the new CA");
            }

            Tell(new AuthoritySet(3, [next.CertificatePem], next.Id), one, two);
        }

        PeerIdentity.Check(former.Certificate, one.Current).Reason.ShouldNotBeNull().ShouldContain("not valid in this cluster");
        await Task.WhenAny(traffic, Task.Delay(TimeSpan.FromSeconds(2)));
        await stop.CancelAsync();
        (await traffic).ShouldBeGreaterThan(10);
        await EchoAsync(open);
        bed.Restart("two").Current.Authorities.Length.ShouldBe(1);
    }

    private static void Tell(AuthoritySet authorities, params FileCredentialSource[] nodes)
    {
        foreach (var node in nodes)
        {
            node.Take(new ClusterTrust([], authorities)).ShouldBeTrue();
        }
    }

    private static CertificateRenewal Renew(FileCredentialSource node, CertificateBed bed)
    {
        var quick = TimeSpan.FromMilliseconds(100);
        var renewal = new CertificateRenewal(node, bed.Signer, new RenewalTimes(TimeProvider.System) { LookEvery = quick, RetryEvery = quick }, NullLogger.Instance);
        renewal.Start();
        return renewal;
    }

    private static async Task<int> TrafficAsync(TestRelays relays, CancellationToken stop)
    {
        var connections = 0;
        for (; !stop.IsCancellationRequested; connections++)
        {
            using var next = await relays.ConnectAsync();
            await EchoAsync(next);
        }

        return connections;
    }

    private static async Task EchoAsync(Socket socket)
    {
        await TargetServer.SendAllAsync(socket, "hello"u8.ToArray());
        (await socket.ReceiveAsync(new byte[5]).WaitAsync(Wait.Limit)).ShouldBe(5);
    }
}
