using Warp.Lab;
using Warp.Lab.Images;
using Warp.Lab.Nodes;
using Xunit;

namespace Warp.EndToEnd.Tests.Fixture;

/// <summary>The one lab of all tests: two runners with their images loaded. A test leaves it as it found it.</summary>
public class LabFixture : IAsyncLifetime
{
    /// <summary>The domain of the public URLs.</summary>
    public const string BaseDomain = "lab.test";

    private WarpLab? _lab;

    public WarpLab Lab => _lab!;

    public LabRunner R1 => Lab["r1"];

    public LabRunner R2 => Lab["r2"];

    /// <summary>The certificate of the cluster's authority.</summary>
    public string AuthorityFile => Path.Combine(R1.Node.DataFolder, "ca.crt");

    /// <summary>Settings of this lab's nodes.</summary>
    protected virtual IReadOnlyList<string> Settings => [];

    /// <summary>The program that the nodes begin with.</summary>
    protected virtual string Program => new LabOptions().WarpAssembly;

    /// <summary>How many runners this lab has.</summary>
    protected virtual int Runners => 2;

    public virtual async Task InitializeAsync()
    {
        string[] images = [.. await ImageArchives.ShopAsync(), .. await ImageArchives.TestPeerAsync()];
        _lab = await WarpLab.StartAsync(new LabOptions { BaseDomain = BaseDomain, LogFolder = Environment.GetEnvironmentVariable("WARP_TEST_LOGS"), Settings = Settings, Runners = Runners, WarpAssembly = Program });
        await Task.WhenAll(images.Select(Lab.LoadImageAsync));
    }

    public virtual async Task DisposeAsync()
    {
        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }
    }

    /// <summary>The API of the control node.</summary>
    public WarpApi Api() => new(R1.Node.Socket);
}

/// <summary>The tests of the lab run one after the other: they break and heal the same runners.</summary>
[CollectionDefinition(Name)]
public sealed class LabGroup : ICollectionFixture<LabFixture>
{
    public const string Name = "lab";
}
