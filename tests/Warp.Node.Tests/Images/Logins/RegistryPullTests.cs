using Shouldly;
using Warp.Cluster.Containers;
using Warp.Cluster.Protocol;
using Warp.Cluster.Specs;
using Warp.Node.Configuration;
using Warp.Node.Docker;
using Warp.Node.Images.Logins;
using Warp.Node.Security;
using Warp.Node.Tests.Docker;
using Xunit;

namespace Warp.Node.Tests.Images.Logins;

/// <summary>Pulls from a real registry that wants a login, with the logins of the cluster.</summary>
[Collection(EngineCollection.Name)]
public sealed class RegistryPullTests(PrivateEngine engine) : EngineTestBase(engine)
{
    private const string Image = "shop/private:v1";

    [Fact]
    public async Task The_clusters_login_opens_the_registry_and_without_or_with_a_wrong_one_the_next_step_is_named()
    {
        await using var registry = await DebianRegistry.StartAsync(Engine, Image);
        using var folder = new TemporaryFolder();
        var data = new DataFolder(folder.Path);
        data.Create();
        SecretFile.Write(data.ClusterKey, ClusterKey.New());
        var file = new RegistryLoginFile(data.RegistryLoginsFile);
        using var connection = new DockerEngine(Options);
        using var runtime = new DockerRuntime(connection, () => [], new ClusterLogins(data, file, new RegistryCredentials(null)));
        var image = $"{registry.Host}/{Image}";

        (await PullAsync()).Failure!.Message.ShouldContain($"wants a login for '{image}'. Give it one: 'warp registry login {registry.Host}'");

        await KeepAsync("wrong-pass");
        var refused = (await PullAsync()).Failure!.Message;
        refused.ShouldContain($"refuses the login of '{DebianRegistry.User}'");
        refused.ShouldContain($"'warp registry login {registry.Host}'");
        refused.ShouldNotContain("wrong-pass");

        await KeepAsync(DebianRegistry.Password);
        Value(await PullAsync()).ExposedTcpPorts.ShouldBe([8080]);
        await Engine.Client.Images.DeleteImageAsync(image, new());

        File.Delete(data.ClusterKey);
        (await PullAsync()).Failure!.Message.ShouldContain("copy cluster.key");

        Task<RuntimeResult<ImageInfo>> PullAsync() => runtime.EnsureImageAsync(image, PullPolicy.Missing, new Progress<string>(), default);
        Task KeepAsync(string password) =>
            file.SaveAsync(new RegistryLogins([new LoginSealer(data, TimeProvider.System).Seal(registry.Host, DebianRegistry.User, password, out _)!]), default);
    }
}
