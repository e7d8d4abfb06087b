using System.Globalization;
using Shouldly;
using Warp.Node.Cli.Deploying;
using Warp.Node.Configuration;
using Xunit;

namespace Warp.Node.Tests.Cli.Deploying;

public sealed class DeployInputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Several_folders_make_one_deployment_with_their_parents_name()
    {
        Service("shop/app", "{ container: 'app', image: 'a' }");
        Service("shop/db", "{ docker: 'db', image: 'd' }");

        var input = Read(["shop/app", "shop/db/"]);

        input.Name.ShouldBe("shop");
        Document(input).ShouldBe("""{"services":[{"name":"app","image":"a"},{"name":"db","image":"d"}]}""");
    }

    [Fact]
    public void The_command_line_wins_over_the_files()
    {
        Service("shop", "{ container: 'a=b', image: 'i', runner: 'r1', replicas: 1 }");

        Document(Read(["shop"], new DeployOverrides(["a=b=r2"], ["a=b=3"]))).ShouldContain("\"runner\":\"r2\",\"replicas\":3");
    }

    [Theory]
    [InlineData("app", null, "--runner app: write it as SERVICE=RUNNER.")]
    [InlineData("web=r1", null, "--runner web=r1: there is no service 'web' here; there are: app")]
    [InlineData("app=R_1", null, "--runner: 'R_1' is not a runner name")]
    [InlineData(null, "app=many", "--replicas app=many: 'many' is not a number.")]
    [InlineData(null, "app=0", "--replicas: a whole number from 1 to 100 is expected here, not 0")]
    public void A_wrong_option_is_named(string? runner, string? replicas, string message)
    {
        Service("app", "{ image: 'i' }");

        Should.Throw<OperatorException>(() => Read(["app"], new DeployOverrides(runner is null ? [] : [runner], replicas is null ? [] : [replicas]))).Message.ShouldContain(message);
    }

    [Fact]
    public void A_file_may_be_a_whole_deployment()
    {
        File.WriteAllText(_folder["one.json"], """{ "name": "from-file", "project": "demo", "services": [ { "name": "a", "image": "i", "port": 1 } ] } // mine""");

        var input = Read(["one.json"]);

        input.Name.ShouldBe("from-file");
        Document(input).ShouldBe("""{"project":"demo","services":[{"name":"a","image":"i","port":1}]}""");
        File.WriteAllText(_folder["one.json"], "{ \"services\": [\n { \"name\": \"a\", \"image\": \"i\", \"prot\": 1 } ], \"name\": \"shop\" }");
        Should.Throw<OperatorException>(() => Read(["one.json"])).Message.ShouldContain("one.json:2:31: services[0].prot: the field 'prot' is not known; did you mean 'port'?");
    }

    [Fact]
    public void Two_services_that_would_have_one_host_name_are_refused_naming_both_and_their_files()
    {
        Service("shop/one", "{ container: 'my_db', image: 'i' }");
        Service("shop/two", "{ container: 'my-db', image: 'i' }");

        var refusal = Should.Throw<OperatorException>(() => Read(["shop/one", "shop/two"])).Message;

        refusal.ShouldStartWith(_folder["shop/two/warp.config.js"] + ":1:20: container: the services 'my_db' ");
        refusal.ShouldContain($"({_folder["shop/one/warp.config.js"]}) and 'my-db' would both be reached as 'my-db.warp'; rename one");
    }

    [Fact]
    public void An_image_that_has_to_be_built_is_filled_in_later()
    {
        Directory.CreateDirectory(_folder["app"]);
        File.WriteAllText(_folder["app/Dockerfile"], "FROM scratch");

        var input = Read(["app"]);

        input.Builds.ShouldHaveSingleItem();
        Document(input).ShouldContain("\"image\":\"warp.build/unbuilt\"");
        input.Document(new Dictionary<string, string>(StringComparer.Ordinal) { ["app"] = "warp.build/app/app:123" }).ShouldContain("\"image\":\"warp.build/app/app:123\"");
    }

    [Fact]
    public void A_folder_whose_name_is_no_deployments_name_says_what_to_do()
    {
        Service("My Shop", "{ container: 'a', image: 'i' }");

        Should.Throw<OperatorException>(() => Read(["My Shop"])).Message.ShouldContain("Give the deployment another name with --name.");
        DeployInput.Read([_folder["My Shop"]], "shop", DeployOverrides.None, _ => null).Name.ShouldBe("shop");
    }

    [Fact]
    public void Two_hundred_services_of_one_file_are_read()
    {
        Service("many", "Array.from({ length: 200 }, (_, i) => ({ container: `s${i}`, image: 'i', variables: { V: 'x'.repeat(5243) } }))");

        Read(["many"]).Services.Count.ShouldBe(200);
    }

    private DeployInput Read(string[] paths, DeployOverrides? overrides = null) =>
        DeployInput.Read([.. paths.Select(path => _folder[path])], null, overrides ?? DeployOverrides.None, _ => null);

    private static string Document(DeployInput input) => input.Document(new Dictionary<string, string>(StringComparer.Ordinal));

    private void Service(string folder, string content)
    {
        Directory.CreateDirectory(_folder[folder]);
        File.WriteAllText(_folder[folder + "/warp.config.js"], string.Create(CultureInfo.InvariantCulture, $"module.exports = {content}"));
    }
}
