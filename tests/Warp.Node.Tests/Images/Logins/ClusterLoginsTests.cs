using Shouldly;
using Warp.Cluster.Protocol;
using Warp.Node.Configuration;
using Warp.Node.Docker;
using Warp.Node.Images.Logins;
using Warp.Node.Security;
using Xunit;

namespace Warp.Node.Tests.Images.Logins;

public sealed class ClusterLoginsTests : IDisposable
{
    private const string Registry = "registry.test:5000";
    private readonly TemporaryFolder _folder = new();
    private readonly DataFolder _data;
    private readonly RegistryLoginFile _file;
    private readonly ClusterLogins _logins;

    public ClusterLoginsTests()
    {
        _data = new DataFolder(_folder.Path);
        _data.Create();
        SecretFile.Write(_data.ClusterKey, ClusterKey.New());
        _file = new RegistryLoginFile(_data.RegistryLoginsFile);
        _logins = new ClusterLogins(_data, _file, new RegistryCredentials(_folder["config.json"]));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_login_is_opened_only_when_it_is_used_and_lies_sealed_on_the_disk()
    {
        await KeepAsync("pässword");

        _logins.Find(Registry).ShouldBe(new LoginSearch(new RegistryLogin(Registry, "deploy", "pässword")));
        (await File.ReadAllTextAsync(_data.RegistryLoginsFile)).ShouldNotContain("pässword");
        File.GetUnixFileMode(_data.RegistryLoginsFile).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        new RegistryLoginFile(_data.RegistryLoginsFile).Current.ShouldBe(_file.Current);
    }

    [Fact]
    public async Task Without_the_key_the_next_step_is_named_and_the_key_counts_as_soon_as_it_is_there()
    {
        await KeepAsync("secret");
        var key = SecretFile.Read(_data.ClusterKey);
        File.Delete(_data.ClusterKey);

        var search = _logins.Find(Registry);
        search.Login.ShouldBeNull();
        search.Problem.ShouldNotBeNull().ShouldContain($"copy cluster.key from the data folder of the node that made the cluster to {_data.ClusterKey}");
        new LoginSealer(_data, TimeProvider.System).Seal(Registry, "deploy", "secret", out var problem).ShouldBeNull();
        problem.ShouldNotBeNull().ShouldContain("copy cluster.key");

        SecretFile.Write(_data.ClusterKey, key);
        _logins.Find(Registry).Login!.Password.ShouldBe("secret");
    }

    [Fact]
    public async Task Another_key_opens_nothing()
    {
        await KeepAsync("secret");
        SecretFile.Write(_data.ClusterKey, ClusterKey.New());

        _logins.Find(Registry).Problem.ShouldNotBeNull().ShouldContain("sealed with another key");
        _logins.All().ShouldBeEmpty();
    }

    [Fact]
    public async Task What_docker_login_left_counts_for_registries_without_a_login_of_the_cluster()
    {
        await KeepAsync("secret");
        await File.WriteAllTextAsync(_folder["config.json"], """{"auths":{"registry.test:5000":{"auth":"YTpi"},"https://index.docker.io/v1/":{"auth":"YzpkOmU="},"helper.test":{}}}""");

        _logins.Find(Registry).Login!.Username.ShouldBe("deploy");
        _logins.Find("docker.io").ShouldBe(new LoginSearch(new RegistryLogin("docker.io", "c", "d:e")));
        _logins.Find("helper.test").ShouldBe(default);
        _logins.All().Select(login => login.Registry).ShouldBe([Registry, "docker.io"]);
    }

    [Theory]
    [InlineData("other.test", "deploy")]
    [InlineData(Registry, "root")]
    public void A_sealed_password_is_bound_to_its_registry_and_user(string registry, string user)
    {
        var key = Convert.FromBase64String(ClusterKey.New());
        var secret = LoginSeal.Seal(key, Registry, "deploy", "secret");

        LoginSeal.Open(key, Registry, "deploy", secret).ShouldBe("secret");
        LoginSeal.Open(key, registry, user, secret).ShouldBeNull();
        LoginSeal.Open(key, Registry, "deploy", "AAAA").ShouldBeNull();
        LoginSeal.Open(key, Registry, "deploy", "no base64").ShouldBeNull();
        LoginSeal.Seal(key, Registry, "deploy", "secret").ShouldNotBe(secret, StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("registry.test:5000", "registry.test:5000")]
    [InlineData("https://GHCR.io/v2/", "ghcr.io")]
    [InlineData("https://index.docker.io/v1/", "docker.io")]
    [InlineData("[::1]:5000", "[::1]:5000")]
    [InlineData("a b", null)]
    [InlineData("", null)]
    [InlineData("-x", null)]
    public void A_registry_is_named_as_image_names_begin(string text, string? host)
    {
        RegistryHost.TryParse(text, out var parsed, out var problem).ShouldBe(host is not null);
        (problem is null ? parsed : null).ShouldBe(host);
    }

    private async Task KeepAsync(string password)
    {
        var login = new LoginSealer(_data, TimeProvider.System).Seal(Registry, "deploy", password, out _).ShouldNotBeNull();
        await _file.SaveAsync(new RegistryLogins([login]), CancellationToken.None);
    }
}
