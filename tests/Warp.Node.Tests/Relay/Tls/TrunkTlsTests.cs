using System.Security.Cryptography;
using Shouldly;
using Warp.Node.Relay;
using Warp.Node.Relay.Tls;
using Xunit;

namespace Warp.Node.Tests.Relay.Tls;

/// <summary>The TLS seam without a socket: two ends that hand each other their bytes.</summary>
public sealed class TrunkTlsTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly TestLog _log = new();

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public Task Either_library_understands_the_other(bool diallerHasOpenSsl, bool acceptorHasOpenSsl) => AsOnALoop(() =>
    {
        using var dialler = Factory("one", diallerHasOpenSsl).Create(dialler: true).Tls;
        using var acceptor = Factory("two", acceptorHasOpenSsl).Create(dialler: false).Tls;
        ShakeHands(dialler, acceptor);
        dialler.Peer!.Runner.Value.ShouldBe("two");
        acceptor.Peer!.Runner.Value.ShouldBe("one");
        ShouldCarry(dialler, acceptor);
        ShouldCarry(acceptor, dialler);
    });

    [Fact]
    public void Without_the_library_the_framework_encrypts_and_the_log_says_so()
    {
        var factory = Factory("one", hasOpenSsl: false);
        factory.UsesOpenSsl.ShouldBeFalse();
        _log.Lines.ShouldHaveSingleItem().ShouldContain("libssl.so.3 is not installed: tunnels are encrypted by the framework's SslStream");
        using var tls = factory.Create(dialler: true).Tls;
        tls.CanUpdateKeys.ShouldBeFalse();
    }

    [Fact]
    public void Who_wants_the_framework_gets_it_without_a_word()
    {
        new TrunkTlsFactory(new TestCredentials(_authority.Issue("one")), TlsLibrary.Framework, hasOpenSsl: true, _log).UsesOpenSsl.ShouldBeFalse();
        _log.Lines.ShouldBeEmpty();
    }

    [Fact]
    public void New_keys_go_both_ways_and_the_data_goes_on()
    {
        using var dialler = Factory("one", hasOpenSsl: true).Create(dialler: true).Tls;
        using var acceptor = Factory("two", hasOpenSsl: true).Create(dialler: false).Tls;
        ShakeHands(dialler, acceptor);
        dialler.CanUpdateKeys.ShouldBeTrue();
        ShouldCarry(acceptor, dialler);
        var usual = ShouldCarry(dialler, acceptor);

        dialler.UpdateKeys();

        // The message that announces new keys goes ahead of the next record, and the peer answers with its own.
        ShouldCarry(dialler, acceptor).ShouldBeGreaterThan(usual);
        ShouldCarry(acceptor, dialler).ShouldBeGreaterThan(usual);
        ShouldCarry(dialler, acceptor).ShouldBe(usual);
        ShouldCarry(acceptor, dialler).ShouldBe(usual);
    }

    public void Dispose() => _log.Dispose();

    private TrunkTlsFactory Factory(string runner, bool hasOpenSsl) => new(new TestCredentials(_authority.Issue(runner)), TlsLibrary.Automatic, hasOpenSsl, _log);

    // On a thread without a synchronization context: the framework then goes on in the call that brings the bytes.
    private static Task AsOnALoop(Action work) => Task.Run(work);

    private static void ShakeHands(ITrunkTls dialler, ITrunkTls acceptor)
    {
        const int enough = 10;
        var (first, second) = (TlsHandshake.NeedsInput, TlsHandshake.NeedsInput);
        for (var i = 0; i < enough && (first, second) != (TlsHandshake.Done, TlsHandshake.Done); i++)
        {
            first = first == TlsHandshake.Done ? first : dialler.Handshake();
            Move(dialler, acceptor);
            second = second == TlsHandshake.Done ? second : acceptor.Handshake();
            Move(acceptor, dialler);
        }

        (first, second).ShouldBe((TlsHandshake.Done, TlsHandshake.Done), $"{dialler.Failure}; {acceptor.Failure}");
    }

    // How many bytes of ciphertext it took.
    private static int ShouldCarry(ITrunkTls from, ITrunkTls to)
    {
        var sent = RandomNumberGenerator.GetBytes(1000);
        from.Encrypt(sent).ShouldBeTrue(from.Failure);
        var size = Move(from, to);
        var received = new byte[TlsSizes.Record];
        int count;
        var total = 0;
        while ((count = to.Decrypt(received.AsSpan(total))) > 0)
        {
            total += count;
        }

        count.ShouldBe(0, to.Failure);
        received[..total].ShouldBe(sent);
        return size;
    }

    private static int Move(ITrunkTls from, ITrunkTls to)
    {
        var count = from.Output.Length;
        to.Input.Compact();
        from.Output.Bytes.CopyTo(to.Input.Space);
        to.Input.Added(count);
        from.Output.Taken(count);
        return count;
    }
}
