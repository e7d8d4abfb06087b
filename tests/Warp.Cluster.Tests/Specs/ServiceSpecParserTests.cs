using System.Text;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Cluster.Specs;
using Xunit;

namespace Warp.Cluster.Tests.Specs;

public sealed class ServiceSpecParserTests
{
    [Fact]
    public void Every_field_of_a_service_is_read()
    {
        var service = Service("""
            "replicas": 3, "health": { "http": { "port": 8081, "path": "/healthz?x=1" }, "intervalSeconds": 2, "timeoutSeconds": 1, "retries": 5, "startSeconds": 90 },
            "resources": { "cpus": 0.5, "memory": "256M" }, "restart": "on-failure", "public": false, "baseUrl": "main", "domains": ["WWW.Example.org", "www.example.org", "müller.example"],
            "connectHoldSeconds": 0, "drainSeconds": 5, "volumes": [ { "id": "assets", "path": "/srv/assets", "mode": "ro", "description": "pictures" } ]
            """);
        service.Replicas.ShouldBe(3);
        service.Health.ShouldNotBeNull();
        (service.Health.Kind, service.Health.Port, service.Health.Path, service.Health.IntervalSeconds, service.Health.TimeoutSeconds, service.Health.Retries, service.Health.StartSeconds)
            .ShouldBe((HealthCheckKind.Http, 8081, "/healthz?x=1", 2, 1, 5, 90));
        service.Resources.ShouldBe(new ResourceLimits(500, 256L * 1024 * 1024));
        (service.Restart, service.Public, service.BaseUrl, service.ConnectHoldSeconds, service.DrainSeconds).ShouldBe((RestartPolicy.OnFailure, false, "main", 0, 5));
        service.Domains.ShouldBe(["www.example.org", "xn--mller-kva.example"]);
        service.Volumes.ShouldHaveSingleItem().ShouldBe(new VolumeNeed("assets", "/srv/assets", ReadOnly: true, "pictures"));
    }

    [Fact]
    public void What_is_left_out_has_its_default()
    {
        var service = Service("\"resources\": {}");
        (service.Replicas, service.Health, service.Resources, service.Restart, service.Public, service.BaseUrl).ShouldBe((1, null, null, RestartPolicy.Always, true, null));
        (service.Domains.Length, service.ConnectHoldSeconds, service.DrainSeconds, service.Volumes.Length).ShouldBe((0, 10, 30, 0));
    }

    [Fact]
    public void A_health_check_is_a_port_a_path_or_a_command()
    {
        Health("""{ "tcp": 5432 }""").ShouldBe((HealthCheckKind.Tcp, 5432, null, ""));
        Health("""{ "http": "/" }""").ShouldBe((HealthCheckKind.Http, null, "/", ""));
        Health("""{ "http": {} }""").ShouldBe((HealthCheckKind.Http, null, "/", ""));
        Health("""{ "command": "pg_isready -U 'a b'" }""").ShouldBe((HealthCheckKind.Command, null, null, "pg_isready|-U|a b"));
        Health("""{ "command": ["true"] }""").ShouldBe((HealthCheckKind.Command, null, null, "true"));
        var check = Service("\"health\": { \"tcp\": 1 }").Health!;
        (check.IntervalSeconds, check.TimeoutSeconds, check.Retries, check.StartSeconds).ShouldBe((10, 5, 3, 60));

        static (HealthCheckKind, int?, string?, string) Health(string json) =>
            Service($"\"health\": {json}").Health is { } health ? (health.Kind, health.Port, health.Path, string.Join('|', health.Command)) : default;
    }

    [Theory]
    [InlineData("6M", 6L << 20)]
    [InlineData("1.5g", 3L << 29)]
    [InlineData("10240 KiB", 10L << 20)]
    [InlineData("2GB", 2L << 30)]
    public void Memory_is_written_with_its_unit(string text, long bytes) => Service($$"""
        "resources": { "memory": "{{text}}" }
        """).Resources.ShouldBe(new ResourceLimits(null, bytes));

    [Theory]
    [InlineData("\"replicas\": 0", "replicas", "from 1 to 100")]
    [InlineData("\"health\": {}", "health", "exactly one of tcp, http, command")]
    [InlineData("\"health\": { \"tcp\": 1, \"http\": \"/\" }", "health", "exactly one of")]
    [InlineData("\"health\": 5", "health", "an object is expected")]
    [InlineData("\"health\": { \"tcp\": \"5432\" }", "health.tcp", "a whole number")]
    [InlineData("\"health\": { \"http\": 80 }", "health.http", "an object is expected")]
    [InlineData("\"health\": { \"http\": \"healthz\" }", "health.http", "begins with '/'")]
    [InlineData("\"health\": { \"http\": { \"path\": \"/a b\" } }", "health.http.path", "without space")]
    [InlineData("\"health\": { \"command\": [] }", "health.command", "at least a program")]
    [InlineData("\"health\": { \"tcp\": 1, \"interval\": 5 }", "health.interval", "known are")]
    [InlineData("\"health\": { \"tcp\": 1, \"retries\": 0 }", "health.retries", "from 1 to 100")]
    [InlineData("\"resources\": { \"cpus\": \"2\" }", "resources.cpus", "from 0.01 to 1024 is expected here, not a string")]
    [InlineData("\"resources\": { \"memory\": \"256\" }", "resources.memory", "such as 256M")]
    [InlineData("\"resources\": { \"memory\": \"5M\" }", "resources.memory", "from 6M")]
    [InlineData("\"resources\": { \"memory\": 268435456 }", "resources.memory", "a string is expected")]
    [InlineData("\"restart\": \"sometimes\"", "restart", "use always, on-failure or never")]
    [InlineData("\"public\": \"no\"", "public", "true or false is expected")]
    [InlineData("\"baseUrl\": \"A b\"", "baseUrl", "no id")]
    [InlineData("\"domains\": [\"https://www.example.org\"]", "domains[0]", "without scheme")]
    [InlineData("\"domains\": [\"localhost\"]", "domains[0]", "not a host name")]
    [InlineData("\"connectHoldSeconds\": 61", "connectHoldSeconds", "from 0 to 60")]
    [InlineData("\"drainSeconds\": -1", "drainSeconds", "from 0 to 3600")]
    [InlineData("\"volumes\": [ { \"path\": \"/data\" } ]", "volumes[0].id", "is missing")]
    [InlineData("\"volumes\": [ { \"id\": \"Data\", \"path\": \"/data\" } ]", "volumes[0].id", "no id")]
    [InlineData("\"volumes\": [ { \"id\": \"a\", \"path\": \"data\" } ]", "volumes[0].path", "not an absolute path")]
    [InlineData("\"volumes\": [ { \"id\": \"a\", \"path\": \"/a/../b\" } ]", "volumes[0].path", "not an absolute path")]
    [InlineData("\"volumes\": [ { \"id\": \"a\", \"path\": \"/d\", \"mode\": \"w\" } ]", "volumes[0].mode", "use ro or rw")]
    [InlineData("\"volumes\": [ { \"id\": \"a\", \"path\": \"/d\" }, { \"id\": \"b\", \"path\": \"/d\" } ]", "volumes[1].path", "two volumes are mounted at /d")]
    [InlineData("\"volumes\": [ { \"id\": \"a\", \"path\": \"/d\" } ], \"replicas\": 2", "replicas", "'a' would be written by 2 instances")]
    public void One_mistake_is_one_problem_that_names_the_field(string json, string field, string message)
    {
        var problem = Parse($$"""{ "services": [ { "name": "db", "image": "db", {{json}} } ] }""").Problems.ShouldHaveSingleItem();
        problem.Field.ShouldBe($"services[0].{field}");
        problem.Message.ShouldContain(message);
    }

    [Fact]
    public void A_domain_leads_to_one_service() =>
        Parse("""{ "services": [ { "name": "a", "image": "i", "domains": ["x.example"] }, { "name": "b", "image": "i", "domains": ["X.example"] } ] }""")
            .Problems.ShouldHaveSingleItem().Message.ShouldBe("x.example would lead to 'a' and to 'b'; give it to one of them");

    private static ServiceSpec Service(string json) => Parse($$"""{ "services": [ { "name": "db", "image": "db", {{json}} } ] }""").Spec.ShouldNotBeNull().Services[0];

    private static SpecParseResult Parse(string document) => SpecParser.Parse(DeploymentName.Parse("shop"), Encoding.UTF8.GetBytes(document));
}
