using Shouldly;
using Warp.Cluster.Protocol;
using Warp.Node.Configuration;
using Warp.Node.Security;
using Warp.Node.Tests.Cli;
using Xunit;

namespace Warp.Node.Tests.Http;

/// <summary><c>warp token</c> and <c>warp join TOKEN</c>, against the management server of the node that holds the CA.</summary>
public sealed class JoinTokenTests : IAsyncLifetime
{
    private static readonly NodePorts Ports = new(5053, 5054, 9558);
    private ManagementBed _bed = null!;

    private DataFolder First => new(_bed.Folder["data"]);

    private DataFolder Second => new(_bed.Folder["second"]);

    public async Task InitializeAsync()
    {
        _bed = await ManagementBed.StartAsync();
        var node = ClusterInitializer.Initialize(new InitRequest(First, "lab", "alpha", "127.0.0.1", NodePorts.Default with { Management = _bed.Port }), TimeProvider.System);
        _bed.Current = new FileCredentialSource(First, node).Current;
    }

    public async Task DisposeAsync() => await _bed.DisposeAsync();

    [Fact]
    public async Task One_line_makes_another_machine_a_runner_whose_key_never_left_it()
    {
        var joined = await JoinAsync(await TokenAsync(), "beta");

        joined.Code.ShouldBe(ExitCode.Ok, joined.Error);
        joined.Out.ShouldContain("This machine is beta of the cluster lab, reached at 10.0.0.2.");
        var node = NodeDescription.Load(Second);
        (node.Roles, node.Seeds, node.Ports).ShouldSatisfyAllConditions(
            it => it.Roles.ShouldBe(["runner"]), it => it.Seeds.ShouldBe([new NodeEndpoint("127.0.0.1", 4053)]), it => it.Ports.ShouldBe(Ports));
        PeerIdentity.Check(new FileCredentialSource(Second, node).Current.Certificate, _bed.Current).Identity!.ToString().ShouldBe("warp://lab/runner/beta");
        SecretFile.Read(Second.ClusterKey).ShouldBe(SecretFile.Read(First.ClusterKey));
        IssuedRunners.Load(First).Runners.Select(runner => runner.Runner.Value).ShouldBe(["alpha", "beta"]);
    }

    [Fact]
    public async Task A_token_is_used_up_by_its_number_of_machines()
    {
        var token = await TokenAsync("--uses", "2");
        (await JoinAsync(token, "beta")).Code.ShouldBe(ExitCode.Ok);
        Directory.Delete(Second.Root, recursive: true);
        (await JoinAsync(token, "gamma")).Code.ShouldBe(ExitCode.Ok);
        Directory.Delete(Second.Root, recursive: true);

        await RefusedAsync(token);
    }

    [Fact]
    public async Task A_token_that_was_taken_back_lets_nobody_in()
    {
        var token = await TokenAsync();
        JoinToken.TryParse(token, out var parsed).ShouldBeTrue();
        (await TokenCommandAsync("list")).Out.ShouldContain(parsed.Id);

        (await TokenCommandAsync("revoke", parsed.Id)).Code.ShouldBe(ExitCode.Ok);

        await RefusedAsync(token);
        (await TokenCommandAsync("revoke", parsed.Id)).Code.ShouldBe(ExitCode.NotFound);
        (await TokenCommandAsync("list")).Out.ShouldNotContain(parsed.Id);
    }

    [Fact]
    public async Task A_token_that_has_expired_lets_nobody_in() =>
        await RefusedAsync(JoinTokenBook.Issue(First, TimeSpan.FromTicks(1), 1, TimeProvider.System).Text);

    [Fact]
    public async Task A_wrong_secret_lets_nobody_in_and_does_not_use_the_token_up()
    {
        var token = JoinTokenBook.Issue(First, TimeSpan.FromHours(1), 1, TimeProvider.System);

        await RefusedAsync((token with { Secret = new string('0', token.Secret.Length) }).Text);

        (await JoinAsync(token.Text, "beta")).Code.ShouldBe(ExitCode.Ok);
    }

    [Fact]
    public async Task A_name_that_is_taken_is_refused_and_does_not_use_the_token_up()
    {
        var token = await TokenAsync();

        var refused = await JoinAsync(token, "alpha");

        refused.Code.ShouldBe(ExitCode.Conflict);
        refused.Error.ShouldContain("'alpha' was already added");
        (await JoinAsync(token, "beta")).Code.ShouldBe(ExitCode.Ok);
    }

    [Fact]
    public async Task A_node_of_another_cluster_is_told_nothing()
    {
        var token = JoinTokenBook.Issue(First, TimeSpan.FromHours(1), 1, TimeProvider.System);

        var refused = await JoinAsync((token with { Authority = new string('0', token.Authority.Length) }).Text, "beta");

        refused.Code.ShouldBe(ExitCode.Forbidden);
        refused.Error.ShouldContain("nothing was told to it");
        Directory.Exists(Second.Root).ShouldBeFalse();
        JoinTokenBook.List(First, TimeProvider.System).Tokens.ShouldHaveSingleItem().UsesLeft.ShouldBe(1);
    }

    [Fact]
    public async Task The_secret_is_kept_nowhere_on_the_node()
    {
        JoinToken.TryParse(await TokenAsync(), out var token).ShouldBeTrue();
        await JoinAsync((token with { Id = "other" }).Text, "beta");

        Directory.EnumerateFiles(First.Root, "*", SearchOption.AllDirectories).ShouldAllBe(file => !File.ReadAllText(file).Contains(token.Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_joins_is_in_the_audit_log_with_the_token()
    {
        JoinToken.TryParse(await TokenAsync(), out var token).ShouldBeTrue();
        await JoinAsync(token.Text, "beta");

        (await File.ReadAllTextAsync(First.AuditFile)).ShouldContain($"\"who\":\"join token {token.Id}\"");
    }

    [Fact]
    public async Task Half_a_token_is_told_from_a_file() =>
        (await JoinAsync((await TokenAsync())[..40], "beta")).Error.ShouldContain("This is not the whole token");

    private async Task RefusedAsync(string token)
    {
        var refused = await JoinAsync(token, "delta");
        refused.Code.ShouldBe(ExitCode.Forbidden);
        refused.Error.ShouldContain("The join token is refused");
        Directory.Exists(Second.Root).ShouldBeFalse();
    }

    private async Task<string> TokenAsync(params string[] options) => (await TokenCommandAsync(["create", .. options])).Out.Trim();

    private Task<WarpResult> TokenCommandAsync(params string[] args) => WarpResult.RunAsync(["token", .. args, "--data", First.Root]);

    private Task<WarpResult> JoinAsync(string token, string name) => WarpResult.RunAsync(
        "join", token, "--name", name, "--address", "10.0.0.2", "--cluster-port", "5053", "--tunnel-port", "5054", "--management-port", "9558", "--data", Second.Root);
}
