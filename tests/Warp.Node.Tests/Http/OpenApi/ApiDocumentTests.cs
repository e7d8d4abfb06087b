using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Cluster.Specs;
using Warp.Node.Http.OpenApi;
using Xunit;

namespace Warp.Node.Tests.Http.OpenApi;

/// <summary>The description is that of what is answered, and the file in docs/ is that description.</summary>
public sealed class ApiDocumentTests : IAsyncLifetime
{
    private const string Update = "WARP_UPDATE_OPENAPI";
    private ManagementBed _bed = null!;
    private string _text = null!;
    private DocumentedApi _api = null!;

    public async Task InitializeAsync()
    {
        _bed = await ManagementBed.StartAsync();
        using var client = _bed.Local();
        _text = await client.GetStringAsync(ApiDocument.Path);
        _api = new DocumentedApi(JsonElement.Parse(_text));
    }

    public async Task DisposeAsync() => await _bed.DisposeAsync();

    [Fact]
    public void The_file_in_docs_is_what_the_server_says()
    {
        var file = FileInDocs();
        if (Environment.GetEnvironmentVariable(Update) is "1")
        {
            File.WriteAllText(file, _text + "\n");
        }

        JsonElement.DeepEquals(JsonElement.Parse(File.ReadAllText(file)), _api.Document).ShouldBeTrue($"docs/openapi.json is not the API's document any more: run this test with {Update}=1, which writes it, and read the difference");
    }

    [Fact]
    public void Every_route_is_documented_and_every_documented_route_is_there()
    {
        var routes = _bed.Routes.OfType<RouteEndpoint>()
            .Where(route => route.RoutePattern.RawText is not ApiDocument.Path)
            .SelectMany(route => route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(method => $"{method} {route.RoutePattern.RawText!.Replace("**", "", StringComparison.Ordinal)}"));

        _api.Operations.Select(one => $"{one.Method} {one.Path}").Order(StringComparer.Ordinal).ShouldBe(routes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_operation_says_what_it_is_for()
    {
        foreach (var (method, path, operation) in _api.Operations)
        {
            operation.GetProperty("operationId").GetString().ShouldNotBeNullOrWhiteSpace($"{method} {path}");
            operation.GetProperty("summary").GetString().ShouldNotBeNullOrWhiteSpace($"{method} {path}");
            operation.GetProperty("tags").GetArrayLength().ShouldBe(1, $"{method} {path}");
            foreach (var parameter in operation.TryGetProperty("parameters", out var all) ? all.EnumerateArray() : [])
            {
                parameter.GetProperty("description").GetString().ShouldNotBeNullOrWhiteSpace($"{method} {path}: {parameter.GetProperty("name")}");
            }
        }
    }

    [Fact]
    public void Every_example_of_a_body_fits_its_schema()
    {
        var examples = 0;
        foreach (var (method, path, operation) in _api.Operations)
        {
            if (operation.TryGetProperty("requestBody", out var body) && body.GetProperty("content").TryGetProperty("application/json", out var media))
            {
                _api.Verify($"{method} {path}", media.GetProperty("schema"), media.GetProperty("example"));
                examples++;
            }
        }

        examples.ShouldBeGreaterThan(3);
    }

    [Fact]
    public void The_schema_of_a_deployment_names_what_the_reader_of_it_knows()
    {
        const string All =
            """
            {
              "name": "shop", "project": "p", "environment": "e",
              "services": [ {
                "name": "a", "image": "i", "pull": "always", "args": [ "x" ], "variables": { "A": "b" }, "port": 80, "runner": "r1", "stopGraceSeconds": 1, "replicas": 1,
                "health": { "tcp": 80, "intervalSeconds": 1, "timeoutSeconds": 1, "retries": 1, "startSeconds": 1 }, "resources": { "cpus": 0.5, "memory": "256M" },
                "restart": "never", "public": true, "baseUrl": "main", "domains": [ "shop.example" ], "connectHoldSeconds": 1, "drainSeconds": 1,
                "volumes": [ { "id": "v", "path": "/v", "mode": "ro", "description": "d" } ]
              } ]
            }
            """;
        SpecParser.Parse(DeploymentName.Parse("shop"), System.Text.Encoding.UTF8.GetBytes(All)).Problems.ShouldBeEmpty();
        _api.Verify("a deployment with every field", Wish, JsonElement.Parse(All));

        // The reader names all fields that it knows when it meets one that it does not.
        foreach (var (schema, document) in new (string, string)[]
        {
            ("", """{ "zzzzzzzz": 1, "services": [ { "name": "a", "image": "i" } ] }"""),
            ("services/items", """{ "services": [ { "name": "a", "image": "i", "zzzzzzzz": 1 } ] }"""),
            ("services/items/health", """{ "services": [ { "name": "a", "image": "i", "health": { "tcp": 1, "zzzzzzzz": 1 } } ] }"""),
            ("services/items/resources", """{ "services": [ { "name": "a", "image": "i", "resources": { "zzzzzzzz": 1 } } ] }"""),
            ("services/items/volumes/items", """{ "services": [ { "name": "a", "image": "i", "volumes": [ { "id": "v", "path": "/v", "zzzzzzzz": 1 } ] } ] }"""),
        })
        {
            var message = SpecParser.Parse(DeploymentName.Parse("shop"), System.Text.Encoding.UTF8.GetBytes(document)).Problems.ShouldHaveSingleItem().Message;
            var known = message[(message.IndexOf("known are ", StringComparison.Ordinal) + "known are ".Length)..].Split(", ");
            Fields(schema).Order(StringComparer.Ordinal).ShouldBe(known.Order(StringComparer.Ordinal), schema);
        }
    }

    [Fact]
    public async Task It_is_read_by_every_identity_of_the_cluster_and_by_nobody_else()
    {
        using var runner = _bed.Client(_bed.Runner("beta"));
        (await runner.GetAsync(ApiDocument.Path)).StatusCode.ShouldBe(HttpStatusCode.OK);
        using var nobody = _bed.Client(certificate: null);
        (await nobody.GetAsync(ApiDocument.Path)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    private JsonElement Wish => _api.Document.GetProperty("components").GetProperty("schemas").GetProperty("DeploymentRequest");

    // A field that may be null is one of two: null, or what it is.
    private IEnumerable<string> Fields(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries)
        .Aggregate(Wish, (here, step) => Plain(step is "items" ? here.GetProperty("items") : here.GetProperty("properties").GetProperty(step)))
        .GetProperty("properties").EnumerateObject().Select(field => field.Name);

    private static JsonElement Plain(JsonElement schema) =>
        schema.TryGetProperty("oneOf", out var either) ? either.EnumerateArray().Single(one => !one.TryGetProperty("type", out var type) || type.ToString() is not "null") : schema;

    private static string FileInDocs([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../../docs/openapi.json"));
}
