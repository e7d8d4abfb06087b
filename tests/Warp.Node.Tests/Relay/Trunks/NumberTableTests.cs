using Shouldly;
using Warp.Node.Relay.Trunks;
using Xunit;

namespace Warp.Node.Tests.Relay.Trunks;

public sealed class NumberTableTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(65_536)]
    public void It_finds_what_a_dictionary_finds(uint step)
    {
        var random = new Random((int)step);
        var table = new NumberTable<string>();
        var model = new Dictionary<uint, string>();
        uint next = 1;
        for (var round = 0; round < 20_000; round++)
        {
            // More come than go at first, then the other way round.
            if (random.Next(20_000) > round)
            {
                model[next] = $"stream {next}";
                table.Add(next, model[next]);
                next += step;
            }

            var asked = 1 + (step * (uint)random.Next((int)(next / step) + 2));
            table.Find(asked).ShouldBe(model.GetValueOrDefault(asked));
            table.Remove(asked).ShouldBe(model.Remove(asked));
            table.Count.ShouldBe(model.Count);
        }

        table.All.Order(StringComparer.Ordinal).ShouldBe(model.Values.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_object_keeps_its_place_while_others_come_and_go()
    {
        var table = new NumberTable<string>();
        table.Add(7, "seven");
        var place = Enumerable.Range(0, table.Places).Single(p => table.At(p) is "seven");
        for (uint i = 8; i < 1000; i++)
        {
            table.Add(i, "other");
        }

        for (uint i = 8; i < 1000; i += 2)
        {
            table.Remove(i);
        }

        table.At(place).ShouldBe("seven");
    }

    [Fact]
    public void Places_of_those_that_went_are_used_again()
    {
        var table = new NumberTable<string>();
        for (uint i = 1; i < 100_000; i++)
        {
            table.Add(i, "passing");
            table.Remove(i).ShouldBeTrue();
        }

        (table.Count, table.Places).ShouldBe((0, 1));
    }
}
