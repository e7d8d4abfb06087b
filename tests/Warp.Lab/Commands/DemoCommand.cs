using Warp.Lab.Demo;
using Warp.Lab.Images;

namespace Warp.Lab.Commands;

/// <summary><c>warp-lab demo</c>: what <c>demo.sh</c> runs once everything is installed and built.</summary>
internal static class DemoCommand
{
    public static async Task<int> RunAsync(bool once)
    {
        using var stop = new StopSignal();
        Console.WriteLine("images of examples/shop (built once, then kept)");
        var images = await ImageArchives.ShopAsync();
        await using var lab = await WarpLab.StartAsync(new LabOptions { Progress = Console.WriteLine });
        Console.WriteLine("images to both runners");
        await Task.WhenAll(images.Select(lab.LoadImageAsync));
        await new ShopDemo(lab).RunAsync();
        if (!once)
        {
            Console.WriteLine(ShopDemo.Hints);
            await stop.WaitAsync();
        }

        return 0;
    }
}
