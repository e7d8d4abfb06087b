using Microsoft.Extensions.Logging;
using Shouldly;
using Warp.Node.Configuration;
using Xunit;

namespace Warp.Node.Tests.Configuration;

public sealed class SettingsLoaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);

    public SettingsLoaderTests() => File.WriteAllText(_folder["node.json"], """
        { "cluster": "test", "runner": "r1", "roles": ["runner"], "address": "10.0.0.1",
          "ports": { "cluster": 1053, "tunnel": 1054, "management": 1558 }, "founder": false, "seeds": [{ "host": "10.0.0.2", "port": 4053 }] }
        """);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_any_source_the_shipped_defaults_and_the_node_file_hold()
    {
        var settings = Load();

        settings.Node.Runner.Value.ShouldBe("r1");
        settings.Ports.ShouldBe(new NodePorts(1053, 1054, 1558));
        settings.Network.IstRange.ToString().ShouldBe("10.201.0.0/16");
        settings.Docker.Endpoint.ShouldBe(new Uri("unix:///var/run/docker.sock"));
        settings.Management.SocketPath.ShouldBe(_folder["warp.sock"]);
        settings.LogLevel.ShouldBe(LogLevel.Information);
    }

    [Fact]
    public void File_environment_and_command_line_win_in_that_order()
    {
        File.WriteAllText(_folder["warp.conf"], "warp.ports { cluster = 1, tunnel = 1, management = 1 }");
        _environment["WARP__PORTS__TUNNEL"] = "2";
        _environment["WARP__PORTS__MANAGEMENT"] = "2";

        Load("warp.ports.management=3").Ports.ShouldBe(new NodePorts(1, 2, 3));
    }

    [Fact]
    public void In_the_environment_one_underscore_is_a_hyphen_and_two_are_a_dot()
    {
        _environment["WARP__NETWORK__IST_RANGE"] = "10.9.0.0/16";

        Load().Network.IstRange.ToString().ShouldBe("10.9.0.0/16");
    }

    [Fact]
    public void A_list_can_come_from_the_environment()
    {
        _environment["WARP__NETWORK__OPEN_HOST_PORTS"] = "[53, 443]";

        Load().Network.OpenHostPorts.ShouldBe([53, 443]);
    }

    [Fact]
    public void A_named_file_stands_in_for_the_one_in_the_data_folder()
    {
        File.WriteAllText(_folder["warp.conf"], "warp.ports.cluster = 1");
        File.WriteAllText(_folder["other.conf"], "warp.ports.tunnel = 2");

        Load(_folder["other.conf"], []).Ports.ShouldBe(new NodePorts(1053, 2, 1558));
    }

    [Fact]
    public void Keys_of_Akka_pass_from_every_source()
    {
        File.WriteAllText(_folder["warp.conf"], "akka.cluster.split-brain-resolver.stable-after = 7s");
        _environment["AKKA__CLUSTER__MIN_NR_OF_MEMBERS"] = "4";

        var akka = Load("akka.remote.log-remote-lifecycle-events=[a, b]").Akka;

        akka.GetTimeSpan("akka.cluster.split-brain-resolver.stable-after").ShouldBe(TimeSpan.FromSeconds(7));
        akka.GetInt("akka.cluster.min-nr-of-members").ShouldBe(4);
        akka.GetStringList("akka.remote.log-remote-lifecycle-events").ShouldBe(["a", "b"]);
    }

    [Theory]
    [InlineData("warp.netwrok.ist-range=10.9.0.0/16", "did you mean warp.network.ist-range?")]
    [InlineData("warp.network.ist_range=10.9.0.0/16", "did you mean warp.network.ist-range?")]
    [InlineData("warp.utterly.different=1", "there is no such setting")]
    [InlineData("warp.ports=1", "warp.ports")]
    [InlineData("warp=1", "warp")]
    public void An_unknown_key_is_refused_with_the_nearest_known_one(string setting, string expected)
    {
        var refusal = Should.Throw<OperatorException>(() => Load(setting));

        refusal.ExitCode.ShouldBe(ExitCode.NotConfigured);
        refusal.Message.ShouldContain("--set");
        refusal.Message.ShouldContain(expected);
    }

    [Theory]
    [InlineData("warp.ports.cluster", "70000")]
    [InlineData("warp.ports.cluster", "-1")]
    [InlineData("warp.ports.cluster", "many")]
    [InlineData("warp.network.ist-range", "10.201.0.1/16")]
    [InlineData("warp.network.ist-range", "10.201.0.0")]
    [InlineData("warp.relay.dial-timeout", "soon")]
    [InlineData("warp.relay.dial-timeout", "0s")]
    [InlineData("warp.network.open-host-ports", "80")]
    [InlineData("warp.network.open-host-ports", "[80, 0]")]
    [InlineData("warp.network.open-host-ports", "[80, [81]]")]
    [InlineData("warp.relay.trunks-per-peer", "0")]
    [InlineData("warp.node.bind-address", "localhost")]
    [InlineData("warp.ingress.base-domain", "*.example.org")]
    [InlineData("warp.ingress.base-domain", "example.org.")]
    [InlineData("warp.ingress.base-domain", "192.0.2.1")]
    [InlineData("warp.ingress.base-urls", "eu.example.org")]
    [InlineData("warp.ingress.base-urls", "{ eu = \"not a domain\" }")]
    [InlineData("warp.ingress.https-port", "https")]
    [InlineData("warp.log-level", "loud")]
    [InlineData("warp.log-level", "3")]
    [InlineData("warp.persistence.provider", "mysql")]
    [InlineData("warp.docker.endpoint", "docker")]
    [InlineData("warp.docker.endpoint", "[a, b]")]
    [InlineData("warp.docker", "{ endpoint = { a = 1 } }")]
    public void A_wrong_value_is_refused_with_its_key(string key, string value)
    {
        var refusal = Should.Throw<OperatorException>(() => Load($"{key}={value}"));

        refusal.ExitCode.ShouldBe(ExitCode.NotConfigured);
        refusal.Message.ShouldContain(key);
        refusal.Message.ShouldContain("expected");
    }

    [Fact]
    public void Every_problem_is_named_with_the_source_it_is_in()
    {
        File.WriteAllText(_folder["warp.conf"], "warp { nod { address = x }\n ports.cluster = y }");
        _environment["WARP__LOG_LEVEL"] = "loud";

        var message = Should.Throw<OperatorException>(() => Load("warp.x=1")).Message;

        message.Split(Environment.NewLine).Length.ShouldBe(4);
        message.ShouldContain($"{_folder["warp.conf"]}: warp.ports.cluster");
        message.ShouldContain("the environment: warp.log-level");
    }

    [Theory]
    [InlineData("warp {\n ports { cluster = 1", "line 2: '{' is never closed")]
    [InlineData("warp { }\n}\nwarp.ports.cluster = 1", "line 2: '}' closes nothing")]
    [InlineData("a = [1, 2}", "line 1: '}' closes nothing")]
    [InlineData("# {\na = \"}\" // }\n}", "line 3: '}' closes nothing")]
    [InlineData("a = \"\"\"\n}\n\"\"\"\n]", "line 4: ']' closes nothing")]
    public void A_bracket_without_partner_is_refused_with_file_and_line(string content, string expected)
    {
        File.WriteAllText(_folder["warp.conf"], content);

        var message = Should.Throw<OperatorException>(() => Load()).Message;

        message.ShouldContain(_folder["warp.conf"]);
        message.ShouldContain(expected);
    }

    [Fact]
    public void Without_a_base_domain_there_is_no_ingress()
    {
        Load().Ingress.Serves.ShouldBeFalse();
        Load("warp.ingress.base-domain=apps.test").Ingress.Serves.ShouldBeTrue();
        Load("warp.ingress.base-domain=apps.test", "warp.ingress.https-port=0").Ingress.Serves.ShouldBeFalse();
    }

    [Fact]
    public void Base_domains_come_from_every_source_and_their_ids_add_up()
    {
        File.WriteAllText(_folder["warp.conf"], "warp.ingress { base-domain = \"Apps.Test\"\n base-urls { eu = \"eu.test\" } }");
        _environment["WARP__INGRESS__BASE_URLS"] = "{ us = \"us.test\" }";

        var domains = Load("warp.ingress.base-urls.asia=asia.test").Ingress.Domains;

        domains.Of(null).ShouldBe("apps.test");
        domains.ById.Select(pair => (pair.Key, pair.Value)).ShouldBe([("asia", "asia.test"), ("eu", "eu.test"), ("us", "us.test")]);
        domains.Of("none").ShouldBeNull();
    }

    [Fact]
    public void A_named_file_must_exist() =>
        Should.Throw<OperatorException>(() => Load(_folder["none.conf"], [])).Message.ShouldContain("none.conf");

    [Theory]
    [InlineData("novalue")]
    [InlineData("=1")]
    public void A_setting_on_the_command_line_has_a_key_and_a_value(string text) =>
        Should.Throw<OperatorException>(() => Load(text)).ExitCode.ShouldBe(ExitCode.Usage);

    [Fact]
    public void A_value_may_hold_quotes_and_backslashes() =>
        Load("""warp.persistence.connection-string=Host=db;Password='wo"r\d'""", "warp.persistence.provider=postgres").Persistence.ConnectionString.ShouldBe("""Host=db;Password='wo"r\d'""");

    [Fact]
    public void Postgres_needs_a_connection_string() =>
        Should.Throw<OperatorException>(() => Load("warp.persistence.provider=postgres")).Message.ShouldContain("warp.persistence.connection-string");

    [Theory]
    [InlineData("Host=db;Password=first;hush-hush")]
    [InlineData("Host=db;Pass=hush-hush")]
    [InlineData("Password=hush-hush")]
    [InlineData("Host=db;Port=hush-hush")]
    [InlineData("Host=db;SSL Mode=hush-hush")]
    [InlineData("Host=db;Password='hush-hush")]
    public void A_wrong_connection_string_is_refused_without_a_word_of_it(string text)
    {
        var refusal = Should.Throw<OperatorException>(() => Load($"warp.persistence.connection-string={text}", "warp.persistence.provider=postgres"));
        refusal.ExitCode.ShouldBe(ExitCode.NotConfigured);
        refusal.Message.ShouldContain("warp.persistence.connection-string: a connection string of PostgreSQL such as");
        refusal.ToString().ShouldNotContain("hush-hush");
    }

    [Fact]
    public void The_settings_as_text_do_not_show_the_password() =>
        Load("warp.persistence.connection-string=Host=db;Password=hush-hush", "warp.persistence.provider=postgres").Persistence.ToString().ShouldNotContain("hush-hush");

    [Fact]
    public void Several_control_nodes_need_postgres() =>
        Should.Throw<OperatorException>(() => Load("warp.cluster.control-nodes=3")).Message.ShouldContain("warp journal move");

    [Fact]
    public void A_folder_without_a_node_says_how_to_get_one()
    {
        File.Delete(_folder["node.json"]);

        Should.Throw<OperatorException>(() => Load()).Message.ShouldContain("warp init");
    }

    private WarpSettings Load(params string[] overrides) => Load(null, overrides);

    private WarpSettings Load(string? file, string[] overrides) =>
        SettingsLoader.Load(new SettingsSources(new DataFolder(_folder.Path), file, _environment, [.. overrides]));
}
