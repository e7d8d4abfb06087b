using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace Warp.Node.Tests.Cli.Configuration;

/// <summary>Every attribute of a configuration file, with its default.</summary>
public sealed class ServiceConfigTests : IDisposable
{
    private readonly ConfigBed _bed = new();

    public void Dispose() => _bed.Dispose();

    [Theory]
    [InlineData("{ container: 'a', image: { name: 'nginx:latest' } }", """{"name":"a","image":"nginx:latest"}""")]
    [InlineData("{ docker: 'a', image: 'nginx' }", """{"name":"a","image":"nginx"}""")]
    [InlineData("{ image: 'i' }", """{"name":"app","image":"i"}""")]
    [InlineData("{ image: 'i', args: \"-p 80 'a b'\" }", """{"name":"app","image":"i","args":"-p 80 \u0027a b\u0027"}""")]
    [InlineData("{ image: 'i', args: ['-p', '80'] }", """{"name":"app","image":"i","args":["-p","80"]}""")]
    [InlineData("{ image: 'i', runner: 'r1', replicas: 3, restart: 'on-failure', pull: 'always' }", """{"name":"app","image":"i","runner":"r1","replicas":3,"restart":"on-failure","pull":"always"}""")]
    [InlineData("{ image: 'i', connectHold: 5, drain: 60, stopGraceSeconds: 3 }", """{"name":"app","image":"i","stopGraceSeconds":3,"connectHoldSeconds":5,"drainSeconds":60}""")]
    [InlineData("{ image: 'i', resources: { cpus: 0.5, memory: '256M' } }", """{"name":"app","image":"i","resources":{"cpus":0.5,"memory":"256M"}}""")]
    [InlineData("{ image: 'i', health: { tcp: 5432, interval: 1, timeout: 2, retries: 3, start: 4 } }", """{"name":"app","image":"i","health":{"tcp":5432,"intervalSeconds":1,"timeoutSeconds":2,"retries":3,"startSeconds":4}}""")]
    [InlineData("{ image: 'i', health: { http: '/up' } }", """{"name":"app","image":"i","health":{"http":"/up"}}""")]
    [InlineData("{ image: 'i', health: { http: { port: 81, path: '/up' } } }", """{"name":"app","image":"i","health":{"http":{"port":81,"path":"/up"}}}""")]
    [InlineData("{ image: 'i', health: { command: ['pg_isready'] } }", """{"name":"app","image":"i","health":{"command":["pg_isready"]}}""")]
    [InlineData("{ image: 'i', deployment: { port: 65500, public: false, domains: ['a.example'], baseUrl: { id: 'main' } } }", """{"name":"app","image":"i","port":65500,"public":false,"domains":["a.example"],"baseUrl":"main"}""")]
    [InlineData("{ image: 'i', deployment: { baseUrlId: 'main' } }", """{"name":"app","image":"i","baseUrl":"main"}""")]
    [InlineData("{ image: 'i', volumes: { id: 'data', path: '/data', mode: 'rw', description: 'rows' } }", """{"name":"app","image":"i","volumes":[{"id":"data","path":"/data","mode":"rw","description":"rows"}]}""")]
    [InlineData("{ image: 'i', volumes: [{ id: 'a', path: '/a' }, { id: 'b', path: '/b', mode: 'ro' }] }", """{"name":"app","image":"i","volumes":[{"id":"a","path":"/a"},{"id":"b","path":"/b","mode":"ro"}]}""")]
    public void An_attribute_becomes_a_field_of_the_api(string content, string entry) =>
        JsonNode.DeepEquals(_bed.Entry(content), JsonNode.Parse(entry)).ShouldBeTrue(_bed.Entry(content).ToJsonString());

    [Fact]
    public void The_same_is_written_as_json()
    {
        _bed.Write("warp.config.json", """{ "container": "a", "image": { "name": "i" }, "deployment": { "port": 65500, }, } // as in the seed""");

        _bed.Read().Services.ShouldHaveSingleItem().Entry.ToJsonString().ShouldBe("""{"name":"a","image":"i","port":65500}""");
    }

    [Fact]
    public void An_array_is_several_services_of_one_folder()
    {
        var input = _bed.Js("module.exports = [{ container: 'a', image: 'i' }, { container: 'b', image: 'i' }]");

        input.Services.Select(service => service.Name).ShouldBe(["a", "b"]);
        input.Name.ShouldBe("app");
    }

    [Theory]
    [InlineData("{ container: 'a', docker: 'b', image: 'i' }", "warp.config.js:2:19: docker: 'container' and 'docker' are two spellings")]
    [InlineData("{ container: 5, image: 'i' }", "warp.config.js:2:3: container: a string is expected here, not a number")]
    [InlineData("{ container: 'a/b', image: 'i' }", "container: the service name 'a/b' contains '/'")]
    [InlineData("{ container: '?', image: 'i' }", "no letter or digit that a host name could be made of")]
    [InlineData("{ container: 'a' }", "warp.config.js: there is no image to run")]
    [InlineData("{ image: {} }", "image: 'image' takes the attribute 'name'")]
    [InlineData("{ image: 'Nginx' }", "image: 'Nginx' is not an image reference")]
    [InlineData("{ image: 'i', build: {} }", "image: an image is either built or named")]
    [InlineData("{ build: 'x' }", "build: an object is expected")]
    [InlineData("{ build: { context: 5 } }", "build.context: a path is expected")]
    [InlineData("{ build: { include: 'src' } }", "build.include: a regular expression, an absolute path (such as `${__dirname}/src`), a function or an array of these is expected, not a relative path")]
    [InlineData("{ build: { exclude: /x/ }, deployment: { exclude: /y/ } }", "deployment.exclude: this is an older spelling of 'build.exclude'")]
    [InlineData("{ image: 'i', deployment: { port: '8080' } }", "warp.config.js:2:29: deployment.port: a whole number from 1 to 65535 is expected here, not a string")]
    [InlineData("{ image: 'i', deployment: 8080 }", "deployment: an object is expected, not a number")]
    [InlineData("{ image: 'i', deployment: { baseUrl: 'main' } }", "deployment.baseUrl: an object is expected")]
    [InlineData("{ image: 'i', deployment: { baseUrl: { id: 'A b' } } }", "deployment.baseUrl.id: 'A b' is no id")]
    [InlineData("{ image: 'i', health: { http: 'up' } }", "health.http: the path of a health check begins with '/'")]
    [InlineData("{ image: 'i', health: { tcp: 1, interval: 0 } }", "warp.config.js:2:33: health.interval: a whole number from 1 to 3600")]
    [InlineData("{ image: 'i', health: { tcp: 1, http: '/' } }", "health: a health check is exactly one of")]
    [InlineData("{ image: 'i', volumes: { id: 'Data', path: '/d' } }", "warp.config.js:2:26: volumes.id: 'Data' is no id")]
    [InlineData("{ image: 'i', volumes: 'data' }", "volumes: an object such as")]
    [InlineData("{ image: 'i', replicas: /x/ }", "replicas: this attribute takes no value of this kind: a regular expression")]
    [InlineData("{ image: 'i', connectHold: 61 }", "connectHold: a whole number from 0 to 60")]
    [InlineData("{ image: 'i', drain: '5s' }", "drain: a whole number from 0 to 3600")]
    [InlineData("[]", "the array is empty")]
    [InlineData("[5]", "[0]: an object with a service is expected")]
    [InlineData("[{ container: 'a', image: 'i' }, { container: 'b', image: 'i', replicas: 0 }]", "warp.config.js:2:64: [1].replicas: a whole number from 1 to 100")]
    public void A_wrong_value_is_named_with_file_line_and_attribute(string content, string message) => _bed.Refusal($"module.exports =\n{content}").ShouldContain(message);

    [Fact]
    public void All_that_is_wrong_is_named_at_once()
    {
        var refusal = _bed.Refusal("module.exports = { image: 'i', replicas: 0, deployment: { port: 0 }, runner: 'R' }");

        refusal.ShouldStartWith("3 things are wrong:");
        refusal.Split('\n').Length.ShouldBe(4);
    }

    [Theory]
    [InlineData("{ image: 'i', prot: 1 }", "warp.config.js:2:15: prot: there is no such attribute; it has no effect. Known are: container")]
    [InlineData("{ image: 'i', deployment: { prot: 1 } }", "deployment.prot: there is no such attribute; it has no effect. Did you mean 'deployment.port'?")]
    [InlineData("{ image: 'i', port: 1 }", "port: there is no such attribute; it has no effect. Did you mean 'deployment.port'?")]
    [InlineData("{ image: 'i', variabels: {} }", "Did you mean 'variables'?")]
    [InlineData("{ image: 'i', health: { tcp: 1, retrys: 3 } }", "health.retrys: there is no such attribute; it has no effect. Did you mean 'health.retries'?")]
    [InlineData("{ image: 'i', health: { http: { pth: '/' } } }", "health.http.pth: there is no such attribute; it has no effect. Did you mean 'health.http.path'?")]
    [InlineData("{ image: 'i', resources: { cpu: 1 } }", "Did you mean 'resources.cpus'?")]
    [InlineData("{ image: 'i', volumes: [{ id: 'a', path: '/a', moode: 'ro' }] }", "volumes[0].moode: there is no such attribute; it has no effect. Did you mean 'volumes[0].mode'?")]
    [InlineData("{ image: 'i', deployment: { configId: 'x' } }", "deployment.configId: is not used here: what a container may take is said by 'resources'")]
    [InlineData("{ image: 'i', server: 'x' }", "server: is not used here: Warp runs containers")]
    public void An_unknown_attribute_is_a_warning_with_the_nearest_name(string content, string message)
    {
        var input = _bed.Js($"module.exports =\n{content}");

        _bed.Short(input.Warnings.ShouldHaveSingleItem()).ShouldContain(message);
    }
}
