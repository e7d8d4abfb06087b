using System.Security.Cryptography.X509Certificates;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Cluster.Protocol;
using Warp.Node.Configuration;
using Warp.Node.Security;
using Xunit;

namespace Warp.Node.Tests.Security;

/// <summary><c>warp init</c>, <c>warp runner add</c> and <c>warp join</c>, as far as files tell.</summary>
public sealed class SetupTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly TemporaryFolder _folder = new();

    private DataFolder First => new(_folder["first"]);

    private DataFolder Second => new(_folder["second"]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Init_makes_a_founder_with_both_roles_whose_peers_will_accept_it()
    {
        var node = Init();

        NodeDescription.Load(First).ToJson().ShouldBe(node.ToJson());
        node.Roles.ShouldBe(["control", "runner"]);
        node.Founder.ShouldBeTrue();
        var credentials = new FileCredentialSource(First, node).Current;
        PeerIdentity.Check(credentials.Certificate, credentials).Identity.ShouldBe(new WarpIdentity("shop", WarpIdentityKind.Runner, "alpha"));
        credentials.Certificate.MatchesHostname("10.0.0.1").ShouldBeTrue();
    }

    [Fact]
    public void Init_makes_an_administrator_whom_the_cluster_accepts_as_one()
    {
        var credentials = new FileCredentialSource(First, Init()).Current;
        using var admin = X509Certificate2.CreateFromPemFile(First.AdminCertificate, First.AdminKey);

        PeerIdentity.Check(admin, credentials).Identity.ShouldBe(new WarpIdentity("shop", WarpIdentityKind.Admin, "admin", AdminRole.Administer));
    }

    [Fact]
    public void Every_file_is_for_its_owner_only()
    {
        Init();

        File.GetUnixFileMode(First.Root).ShouldBe(OwnerOnly | UnixFileMode.UserExecute);
        foreach (var file in Directory.EnumerateFiles(First.Root, "*", SearchOption.AllDirectories))
        {
            File.GetUnixFileMode(file).ShouldBe(OwnerOnly, file);
        }
    }

    [Fact]
    public void Init_never_touches_a_cluster_that_is_there()
    {
        Init();
        var before = Directory.EnumerateFiles(First.Root, "*", SearchOption.AllDirectories).ToDictionary(file => file, File.ReadAllText, StringComparer.Ordinal);

        var refusal = Should.Throw<OperatorException>(() => Init());

        refusal.Message.ShouldContain("already belongs to the cluster 'shop' as 'alpha'");
        before.ShouldAllBe(file => File.ReadAllText(file.Key) == file.Value);
    }

    [Fact]
    public void Init_does_not_replace_a_CA_whose_node_file_is_missing()
    {
        Init();
        File.Delete(First.NodeFile);

        Should.Throw<OperatorException>(() => Init()).Message.ShouldContain("holds keys but no node.json");
    }

    [Theory]
    [InlineData("Shop", "alpha", "10.0.0.1")]
    [InlineData("shop", "al pha", "10.0.0.1")]
    [InlineData("shop", "alpha", "localhost")]
    [InlineData("shop", "alpha", "0.0.0.0")]
    [InlineData("shop", "alpha", "::1")]
    [InlineData("shop", "alpha", "not a host")]
    public void Init_with_a_wrong_name_or_address_makes_nothing(string cluster, string node, string address)
    {
        var refusal = Should.Throw<OperatorException>(
            () => ClusterInitializer.Initialize(new InitRequest(First, cluster, node, address, NodePorts.Default), TimeProvider.System));

        refusal.ExitCode.ShouldBe(ExitCode.Usage);
        Directory.Exists(First.Root).ShouldBeFalse();
    }

    [Fact]
    public void A_bundle_makes_a_second_machine_a_runner_of_the_cluster()
    {
        var founder = Init();
        var bundle = Add("beta");
        File.GetUnixFileMode(bundle).ShouldBe(OwnerOnly);

        var joined = NodeJoiner.Join(new JoinRequest(Second, bundle));

        joined.Seeds.ShouldBe([new NodeEndpoint("10.0.0.1", 4053)]);
        joined.Roles.ShouldBe(["runner"]);
        joined.Founder.ShouldBeFalse();
        var ours = new FileCredentialSource(Second, joined).Current;
        var theirs = new FileCredentialSource(First, founder).Current;
        PeerIdentity.Check(ours.Certificate, theirs).Identity?.Name.ShouldBe("beta");
        PeerIdentity.Check(theirs.Certificate, ours).Identity?.Name.ShouldBe("alpha");
        Directory.Exists(Second.AuthorityFolder).ShouldBeFalse();
        File.Exists(Second.AdminKey).ShouldBeFalse();
        File.GetUnixFileMode(Second.ClusterKey).ShouldBe(OwnerOnly);
        SecretFile.Read(Second.ClusterKey).ShouldBe(SecretFile.Read(First.ClusterKey));
    }

    [Fact]
    public void A_cluster_of_an_earlier_version_gets_its_key_where_it_was_made_and_a_runner_of_it_is_told_where_to_find_it()
    {
        var founder = Init();
        var joined = NodeJoiner.Join(new JoinRequest(Second, Add("beta")));
        File.Delete(First.ClusterKey);
        File.Delete(Second.ClusterKey);

        ClusterKey.Ensure(Second, joined).ShouldBeNull();
        ClusterKey.Read(Second, out var problem).ShouldBeNull();
        problem.ShouldNotBeNull().ShouldContain($"copy cluster.key from the data folder of the node that made the cluster to {Second.ClusterKey}");
        var made = ClusterKey.Ensure(First, founder).ShouldNotBeNull();
        ClusterKey.Ensure(First, founder).ShouldBe(made);
    }

    [Fact]
    public void A_control_node_becomes_a_seed_of_the_runners_added_after_it()
    {
        Init();
        Add("beta", control: true);

        RunnerBundle.Load(Add("gamma")).Node.Seeds.ShouldBe([new NodeEndpoint("10.0.0.1", 4053), new NodeEndpoint("10.0.0.2", 4053)]);
    }

    [Theory]
    [InlineData("alpha")]
    [InlineData("beta")]
    public void A_name_is_given_once(string name)
    {
        Init();
        Add("beta");

        Should.Throw<OperatorException>(() => Add(name)).Message.ShouldContain("was already added");
    }

    [Fact]
    public void Runners_that_are_added_at_the_same_time_are_all_recorded()
    {
        Init();

        Parallel.For(0, 8, i => Add($"r{i}"));

        IssuedRunners.Load(First).Runners.Length.ShouldBe(9);
    }

    [Fact]
    public void Only_the_machine_with_the_CA_adds_runners()
    {
        Init();
        NodeJoiner.Join(new JoinRequest(Second, Add("beta")));

        Should.Throw<OperatorException>(() => RunnerBundles.Add(Request(Second, "gamma", control: false), TimeProvider.System))
            .Message.ShouldContain("does not hold the cluster's CA");
    }

    [Fact]
    public void A_machine_joins_once()
    {
        Init();
        NodeJoiner.Join(new JoinRequest(Second, Add("beta")));

        Should.Throw<OperatorException>(() => NodeJoiner.Join(new JoinRequest(Second, Add("gamma")))).Message.ShouldContain("already belongs");
    }

    [Fact]
    public void A_damaged_bundle_is_refused_and_nothing_is_written()
    {
        Init();
        var bundle = Add("beta");
        var text = File.ReadAllText(bundle);
        foreach (var damaged in (string[])["", "{}", "null", text[..^20], text.Replace("\"format\": 1", "\"format\": 2"), text.Replace("beta", "gamma"), text.Replace("BEGIN", "BEGUN")])
        {
            File.WriteAllText(bundle, damaged);

            Should.Throw<OperatorException>(() => NodeJoiner.Join(new JoinRequest(Second, bundle))).ExitCode.ShouldBe(ExitCode.NotConfigured);
            Directory.Exists(Second.Root).ShouldBeFalse();
        }
    }

    [Fact]
    public void A_key_that_others_can_read_is_refused()
    {
        var node = Init();
        File.SetUnixFileMode(First.NodeKey, OwnerOnly | UnixFileMode.OtherRead);

        Should.Throw<OperatorException>(() => new FileCredentialSource(First, node)).Message.ShouldContain("chmod 600");
    }

    [Fact]
    public void An_expired_certificate_is_refused_at_the_start()
    {
        var node = ClusterInitializer.Initialize(new InitRequest(First, "shop", "alpha", "10.0.0.1", NodePorts.Default), new FixedTime(DateTimeOffset.UtcNow - TimeSpan.FromDays(400)));

        Should.Throw<OperatorException>(() => new FileCredentialSource(First, node)).Message.ShouldContain("will not be accepted");
    }

    private NodeDescription Init() =>
        ClusterInitializer.Initialize(new InitRequest(First, "shop", "alpha", "10.0.0.1", NodePorts.Default), TimeProvider.System);

    private string Add(string name, bool control = false) => RunnerBundles.Add(Request(First, name, control), TimeProvider.System);

    private AddRunnerRequest Request(DataFolder data, string name, bool control) =>
        new(data, name, "10.0.0.2", control, NodePorts.Default, _folder[$"{name}.bundle"]);

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
