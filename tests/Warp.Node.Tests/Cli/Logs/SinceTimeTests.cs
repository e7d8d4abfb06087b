using Shouldly;
using Warp.Node.Cli.Logs;
using Warp.Node.Tests.Http;
using Xunit;

namespace Warp.Node.Tests.Cli.Logs;

public sealed class SinceTimeTests
{
    [Theory]
    [InlineData("90s", 90)]
    [InlineData("10m", 600)]
    [InlineData("2h", 7200)]
    [InlineData("1d", 86400)]
    public void A_duration_is_counted_back_from_now(string text, int seconds) => SinceTime.Parse(text, Views.Noon).ShouldBe(Views.Noon.AddSeconds(-seconds));

    [Fact]
    public void A_time_is_taken_as_it_is() => SinceTime.Parse("2030-01-31T12:00:00Z", DateTimeOffset.UnixEpoch).ShouldBe(Views.Noon);

    [Theory]
    [InlineData("yesterday")]
    [InlineData("10")]
    [InlineData("-1m")]
    [InlineData("m")]
    [InlineData("")]
    public void Anything_else_is_neither(string text) => SinceTime.Parse(text, Views.Noon).ShouldBeNull();
}
