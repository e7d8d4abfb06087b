using System.Net;
using Microsoft.AspNetCore.Connections;
using Shouldly;
using Warp.Node.Http;
using Xunit;

namespace Warp.Node.Tests.Http;

public sealed class AddressSharesTests
{
    private const int Limit = 100;
    private readonly AddressShares _shares = new(Limit);
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _served;

    [Fact]
    public async Task The_greediest_address_ends_at_half_of_all_connections_and_each_other_one_gets_some()
    {
        var greedy = Connect("192.0.2.1", Limit);
        _served.ShouldBe(Limit / 2);

        for (var other = 2; other < 7; other++)
        {
            var before = _served;
            await Task.WhenAll(Connect($"192.0.2.{other}", 1).Where(connection => connection.IsCompleted));
            _served.ShouldBe(before + 1);
        }

        _end.SetResult();
        await Task.WhenAll(greedy);
        await Eventually.Is(() => _shares.IsEmpty, "every place is given back");
        Connect("192.0.2.1", 1);
        _served.ShouldBe((Limit / 2) + 5 + 1);
    }

    private List<Task> Connect(string address, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => _shares.Bound(ServeAsync)(new DefaultConnectionContext { RemoteEndPoint = new IPEndPoint(IPAddress.Parse(address), 9) }))];

    private Task ServeAsync(ConnectionContext connection)
    {
        _served++;
        return _end.Task;
    }
}
