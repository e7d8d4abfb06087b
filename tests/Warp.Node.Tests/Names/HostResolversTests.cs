using System.Net;
using Shouldly;
using Warp.Node.Names;
using Xunit;

namespace Warp.Node.Tests.Names;

/// <summary>Whom the host asks, and whom its containers can ask by themselves.</summary>
public sealed class HostResolversTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("nameserver 192.0.2.1\nnameserver\t192.0.2.2 # comment", "192.0.2.1 192.0.2.2")]
    [InlineData("# nameserver 192.0.2.1\n;nameserver 192.0.2.2\nsearch example.org\noptions ndots:2\nnameserver 192.0.2.3", "192.0.2.3")]
    [InlineData("nameserver 2001:db8::53\nnameserver nonsense\nnameserver 192.0.2.1", "2001:db8::53 192.0.2.1")]
    [InlineData("nameserver 192.0.2.1\nnameserver 192.0.2.2\nnameserver 192.0.2.3\nnameserver 192.0.2.4", "192.0.2.1 192.0.2.2 192.0.2.3")]
    [InlineData("", "127.0.0.1")]
    public void Name_servers_are_those_that_the_c_library_would_ask(string text, string servers) =>
        ResolvConf.Parse(text.Split('\n')).Select(server => server.ToString()).ShouldBe(servers.Split(' '));

    [Theory]
    [InlineData("nameserver 192.0.2.1\nnameserver 192.0.2.2\nnameserver 192.0.2.3", "192.0.2.1,192.0.2.2")]
    [InlineData("nameserver 127.0.0.53", "192.0.2.99")]
    [InlineData("nameserver 127.0.0.1", "")]
    [InlineData("nameserver 127.0.0.1\nnameserver 2001:db8::53\nnameserver 192.0.2.1", "192.0.2.1")]
    [InlineData("", "")]
    public void Containers_are_told_of_those_that_they_can_reach(string text, string servers)
    {
        File.WriteAllText(_folder["resolv.conf"], text);
        File.WriteAllText(_folder["beneath"], "nameserver 192.0.2.99");

        string.Join(',', new HostResolvers(_folder["resolv.conf"], _folder["beneath"]).ForContainers()).ShouldBe(servers);
    }

    [Fact]
    public void A_host_without_the_file_asks_itself() =>
        new HostResolvers(_folder["none"], _folder["none"]).InOrder().ShouldHaveSingleItem().Endpoint.ShouldBe(new IPEndPoint(IPAddress.Loopback, 53));

    public void Dispose() => _folder.Dispose();
}
