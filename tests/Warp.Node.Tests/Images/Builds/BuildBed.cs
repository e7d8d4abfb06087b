using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging.Abstractions;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Node.Cli;
using Warp.Node.Configuration;
using Warp.Node.Docker;
using Warp.Node.Images;
using Warp.Node.Images.Builds;
using Warp.Node.Images.Context;
using Warp.Node.Images.Logins;
using Warp.Node.Images.Transfer;
using Warp.Node.Security;
using Warp.Node.Tests.Docker;
using Warp.Node.Tests.Http;
using Xunit;

namespace Warp.Node.Tests.Images.Builds;

/// <summary>Two management APIs of one cluster: a user speaks to alpha, which has no engine; beta builds with a real one.</summary>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "xunit ends it with DisposeAsync of IAsyncLifetime.")]
public abstract class BuildBed(PrivateEngine engine) : IAsyncLifetime
{
    private readonly ClusterAuthority _authority = ClusterAuthority.Create(ManagementBed.Cluster, TimeProvider.System);
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _transfer = new();
    private readonly DockerEngine _connection = new(new DockerOptions(ManagementBed.Cluster, RunnerId.Parse("beta")) { Endpoint = engine.Endpoint, RegistryCredentialsFile = null });
    private NodeClient _node = null!;

    private protected PrivateEngine Engine => engine;

    private protected ManagementBed Alpha { get; private set; } = null!;

    private protected ManagementBed Beta { get; private set; } = null!;

    private protected virtual IImageBuilder Builder => new ImageBuilder(_connection, new RegistryCredentials(null), RunnerId.Parse("beta"), NullLogger.Instance);

    public virtual async Task InitializeAsync()
    {
        Alpha = await ManagementBed.StartAsync("alpha", authority: _authority);
        Beta = new ManagementBed("beta", authority: _authority) { Images = new NodeImages(Builder, new LoginSealer(new DataFolder(_folder.Path), TimeProvider.System), new ImageArchives(_connection, new TransferFolder(_transfer.Path))) };
        await Beta.StartServerAsync();
        var port = Beta.Port;
        Alpha.Answer = message => message switch
        {
            ListRunners => new RunnerList([Views.Runner("beta", port)]),
            GetDeployment get => new DeploymentNotFound(get.Deployment),
            _ => null,
        };
        _node = new NodeClient(NodeConnection.Local(Alpha.SocketPath));
    }

    public virtual async Task DisposeAsync()
    {
        _node.Dispose();
        await Alpha.DisposeAsync();
        await Beta.DisposeAsync();
        foreach (var image in (await engine.Client.Images.ListImagesAsync(new())).SelectMany(image => image.RepoTags ?? []).Where(BuiltImageName.Is))
        {
            await engine.Client.Images.DeleteImageAsync(image, new() { Force = true });
        }

        _connection.Dispose();
        _folder.Dispose();
        _transfer.Dispose();
        _authority.Dispose();
    }

    private protected void Write(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[path])!);
        File.WriteAllText(_folder[path], content);
    }

    private protected void Delete(string path) => File.Delete(_folder[path]);

    /// <summary>Looks through the folder; building comes later.</summary>
    private protected BuildContext OpenContext() => BuildContext.Open(_folder.Path);

    private protected async Task<List<BuildEvent>> BuildAsync(string? runner = "beta", string service = "app", CancellationToken cancellationToken = default)
    {
        var events = new List<BuildEvent>();
        await foreach (var happened in Events(runner, service, null, cancellationToken))
        {
            events.Add(happened);
        }

        return events;
    }

    private protected IAsyncEnumerable<BuildEvent> Events(string? runner = "beta", string service = "app", BuildContext? context = null, CancellationToken cancellationToken = default) =>
        new BuildClient(_node).BuildAsync(new BuildOrder(runner, "shop", service), context ?? OpenContext(), null, cancellationToken);
}
