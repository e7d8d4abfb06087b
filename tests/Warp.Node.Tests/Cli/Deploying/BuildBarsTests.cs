using Shouldly;
using Spectre.Console;
using Warp.Node.Cli.Deploying;
using Warp.Node.Images.Builds;
using Xunit;

namespace Warp.Node.Tests.Cli.Deploying;

public sealed class BuildBarsTests
{
    [Fact]
    public async Task Whatever_a_build_prints_is_shown_as_it_is()
    {
        using var @out = new StringWriter();
        var bars = new BuildBars(AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.Yes, Interactive = InteractionSupport.Yes, Out = new AnsiConsoleOutput(@out) }));

        await bars.ShowAsync(async () =>
        {
            bars.Begin("[red]app", 0, 0);
            bars.Sent("[red]app", 10);
            bars.Line("[red]app", "before any step");
            bars.Step("[red]app", new BuildStep(1, 2, "RUN echo [/] \u001b[2J"));
            bars.Line("[red]app", "[bold]a line[/");
            bars.Step("[red]app", new BuildStep(2, 2, new string('x', 500)));
            bars.Done("[red]app", new BuildDone("warp.build/shop/app:1", "sha256:1", "r1"));
            await Task.Yield();
        });

        @out.ToString().ShouldContain("[red]app");
        @out.ToString().ShouldContain("built on r1");
    }
}
