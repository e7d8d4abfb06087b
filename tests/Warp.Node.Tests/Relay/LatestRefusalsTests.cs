using System.Globalization;
using Shouldly;
using Warp.Node.Relay;
using Xunit;

namespace Warp.Node.Tests.Relay;

public sealed class LatestRefusalsTests
{
    private readonly LatestRefusals _latest = new();

    [Fact]
    public void A_flood_of_one_kind_is_one_line_with_its_number_and_hides_no_other()
    {
        _latest.Add(RefusalPlace.Exit, "CallerNotThere", "r9", "shop: app to db");
        for (var i = 0; i < 1000; i++)
        {
            _latest.Add(RefusalPlace.Entry, "UnknownTarget", "10.208.1.2", "10.201.0.9:80");
        }

        _latest.Read().Select(one => (one.Place, one.Times)).ShouldBe([(RefusalPlace.Entry, 1000L), (RefusalPlace.Exit, 1L)]);
    }

    [Fact]
    public void The_oldest_of_many_kinds_is_forgotten_and_counted_anew()
    {
        for (var port = 1; port <= 150; port++)
        {
            _latest.Add(RefusalPlace.Entry, "UnknownTarget", "10.208.1.2", Port(port));
        }

        _latest.Read().Select(one => one.Target).ShouldBe(Enumerable.Range(51, 100).Reverse().Select(Port));
        _latest.Add(RefusalPlace.Entry, "UnknownTarget", "10.208.1.2", Port(1));
        _latest.Read()[0].Times.ShouldBe(1);
    }

    private static string Port(int port) => port.ToString(CultureInfo.InvariantCulture);
}
