using Shouldly;
using Warp.Node.Docker;
using Warp.Node.Images.Builds;
using Xunit;

namespace Warp.Node.Tests.Images.Builds;

public sealed class BuildOutputTests
{
    private readonly BuildOutput _output = new();

    [Fact]
    public void Pieces_become_lines_and_what_was_overwritten_in_place_counts_once()
    {
        Take("Step 1/2 : FROM a\n").ShouldBe([new BuildStep(1, 2, "FROM a")]);
        Take("10%\r20%\r").ShouldBeEmpty();
        Take("100%\r\nne").ShouldBe([new BuildLine("100%")]);
        Take("xt\nlast").ShouldBe([new BuildLine("next")]);
        _output.End().ShouldBe([new BuildLine("last")]);
    }

    [Theory]
    [InlineData(" ---> 0123456789ab\n")]
    [InlineData(" ---> Running in 0123456789ab\n")]
    [InlineData("Removing intermediate container 0123456789ab\n")]
    [InlineData("Successfully built 0123456789ab\n")]
    [InlineData("\n")]
    public void The_engines_bookkeeping_is_left_out(string text) => Take(text).ShouldBeEmpty();

    [Fact]
    public void The_id_is_the_last_that_was_told()
    {
        _output.Take(new EngineMessage(null, null, null, null, null, new EngineResult("sha256:1"))).ShouldBeEmpty();
        _output.Take(new EngineMessage(null, null, null, null, null, new EngineResult(null))).ShouldBeEmpty();

        _output.ImageId.ShouldBe("sha256:1");
    }

    private IEnumerable<BuildEvent> Take(string text) => _output.Take(new EngineMessage(text, null, null, null, null, null));
}
