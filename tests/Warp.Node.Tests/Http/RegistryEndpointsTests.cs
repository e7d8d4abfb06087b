using System.Diagnostics.CodeAnalysis;
using System.Net;
using Shouldly;
using Warp.Cluster.Protocol;
using Warp.Node.Cli;
using Warp.Node.Configuration;
using Warp.Node.Images;
using Warp.Node.Images.Builds;
using Warp.Node.Images.Logins;
using Warp.Node.Images.Transfer;
using Warp.Node.Security;
using Xunit;

namespace Warp.Node.Tests.Http;

[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "xunit ends it with DisposeAsync of IAsyncLifetime.")]
public sealed class RegistryEndpointsTests : IAsyncLifetime
{
    private const string Path = "/warp/v1/registries/registry.test%3A5000";
    private readonly Dictionary<string, SealedLogin> _kept = new(StringComparer.Ordinal);
    private ManagementBed _bed = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _bed = new ManagementBed { Answer = Keeper };
        _bed.Images = new NodeImages(new NoEngine(), new LoginSealer(new DataFolder(_bed.Folder.Path), TimeProvider.System), new NoEngine());
        SecretFile.Write(_bed.Folder["cluster.key"], ClusterKey.New());
        await _bed.StartServerAsync();
        _client = _bed.Local();
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _bed.DisposeAsync();
    }

    [Fact]
    public async Task A_login_is_given_listed_without_its_password_and_taken_away()
    {
        var given = await (await _client.PutAsync(Path, Answers.Json("""{"username":"deploy","password":"s3cret"}"""))).JsonAsync(HttpStatusCode.OK);
        given.GetProperty("username").GetString().ShouldBe("deploy");
        given.GetRawText().ShouldNotContain("s3cret");
        _kept["registry.test:5000"].Secret.ShouldNotContain("s3cret");

        var listed = (await _client.GetStringAsync("/warp/v1/registries"))!;
        listed.ShouldStartWith("""{"registries":[{"registry":"registry.test:5000","username":"deploy","changedAt":""");
        listed.ShouldNotContain(_kept["registry.test:5000"].Secret);

        (await (await _client.DeleteAsync(Path)).JsonAsync(HttpStatusCode.OK)).GetProperty("registries").GetArrayLength().ShouldBe(0);
        (await (await _client.DeleteAsync(Path)).ProblemAsync(HttpStatusCode.NotFound, "not-found")).Detail().ShouldContain("warp registry list");
    }

    [Theory]
    [InlineData("""{"username":"deploy"}""", "password")]
    [InlineData("""{"password":"s3cret"}""", "username")]
    [InlineData("""{"username":"deploy","password":"s3cret"X}""", "")]
    [InlineData("""["s3cret"]""", "")]
    public async Task A_wrong_body_is_named_and_not_repeated(string body, string field)
    {
        var problem = await (await _client.PutAsync(Path, Answers.Json(body))).ProblemAsync(HttpStatusCode.BadRequest, "invalid-request");

        problem.Fields().ShouldBe([field]);
        problem.GetRawText().ShouldNotContain("s3cret");
    }

    [Fact]
    public async Task A_node_without_the_cluster_key_says_how_to_get_it()
    {
        File.Delete(_bed.Folder["cluster.key"]);

        (await (await _client.PutAsync(Path, Answers.Json("""{"username":"deploy","password":"s3cret"}"""))).ProblemAsync(HttpStatusCode.Conflict, "conflict"))
            .Detail().ShouldContain("copy cluster.key");
    }

    [Fact]
    public async Task The_command_line_reads_the_password_from_standard_input_and_never_prints_it()
    {
        (await WarpAsync("s3cret\n", "registry", "login", "https://Registry.test:5000/", "--username", "deploy", "--password-stdin")).ShouldContain("registry.test:5000 as deploy");
        LoginSeal.Open(ClusterKey.Read(new DataFolder(_bed.Folder.Path), out _)!, "registry.test:5000", "deploy", _kept["registry.test:5000"].Secret).ShouldBe("s3cret");
        (await WarpAsync("", "registry", "list")).ShouldContain("deploy");
        (await WarpAsync("", "registry", "logout", "registry.test:5000")).ShouldContain("No runner");
        (await WarpAsync("", "registry", "login", "registry.test:5000", "--username", "deploy", "--password-stdin")).ShouldContain("Standard input is empty");
        (await WarpAsync("", "registry", "login", "registry.test:5000", "--username", "deploy")).ShouldContain("--password-stdin");
    }

    private async Task<string> WarpAsync(string input, params string[] arguments)
    {
        using var written = new StringWriter();
        await CommandLine.RunAsync([.. arguments, "--data", _bed.Folder.Path], new CommandOutput(written, written, redirected: true) { In = new StringReader(input) });
        written.ToString().ShouldNotContain("s3cret");
        return written.ToString();
    }

    private object? Keeper(object message)
    {
        switch (message)
        {
            case KeepRegistryLogin keep:
                _kept[keep.Login.Registry] = keep.Login;
                break;
            case ForgetRegistryLogin forget when !_kept.Remove(forget.Registry):
                return new RegistryLoginUnknown(forget.Registry);
        }

        return new RegistryLogins([.. _kept.Values]);
    }

    private sealed class NoEngine : IImageBuilder, IImageArchives
    {
        public Task BuildAsync(BuildRequest request, Stream context, Func<BuildEvent, Task> tell, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<ImageContent?> FindAsync(string reference, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task WriteAsync(string reference, ImageContent content, int present, Stream destination, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
