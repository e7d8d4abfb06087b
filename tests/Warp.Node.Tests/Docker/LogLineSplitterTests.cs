using System.Text;
using Shouldly;
using Warp.Node.Docker;
using Xunit;

namespace Warp.Node.Tests.Docker;

public sealed class LogLineSplitterTests
{
    private readonly LogLineSplitter _splitter = new(error: true);

    [Fact]
    public void A_frame_is_a_line_with_its_moment()
    {
        var line = Add("2026-03-04T05:06:07.123456789Z hello world\r\n").ShouldHaveSingleItem();

        line.ShouldBe(("hello world", new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero).AddTicks(1234568)));
        _splitter.Finish().ShouldBeNull();
    }

    [Fact]
    public void A_line_in_several_frames_is_whole_and_has_the_first_moment()
    {
        Add("2026-03-04T05:06:07Z one ").ShouldBeEmpty();
        Add("2026-03-04T05:06:08Z two ").ShouldBeEmpty();

        Add("2026-03-04T05:06:09Z three\n").ShouldBe([("one two three", new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.Zero))]);
    }

    [Fact]
    public void A_line_without_an_end_is_given_out_in_pieces_and_at_the_end()
    {
        Add($"2026-03-04T05:06:07Z {new string('x', LogLineSplitter.MaxBytes + 1)}").ShouldHaveSingleItem().Text.Length.ShouldBe(LogLineSplitter.MaxBytes);

        _splitter.Finish().ShouldNotBeNull().Text.ShouldBe("x");
    }

    [Fact]
    public void An_empty_line_is_a_line() => Add("2026-03-04T05:06:07Z \n").ShouldHaveSingleItem().Text.ShouldBeEmpty();

    private List<(string Text, DateTimeOffset Time)> Add(string frame) =>
        [.. _splitter.Add(Encoding.UTF8.GetBytes(frame)).Select(line => (line.Text, line.Time))];
}
