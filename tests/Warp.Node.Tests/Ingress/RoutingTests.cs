using System.Net;
using System.Net.Sockets;
using Shouldly;
using Warp.Node.Ingress;
using Warp.Node.Tests.Ingress.Bed;
using Xunit;

namespace Warp.Node.Tests.Ingress;

public sealed class RoutingTests : IAsyncLifetime
{
    private const string App = "https://app-shop.apps.test";
    private IngressBed _bed = null!;
    private WebService _one = null!;
    private WebService _two = null!;

    public async Task InitializeAsync()
    {
        _bed = await IngressBed.StartAsync();
        (_one, _two) = (await WebService.StartAsync("one"), await WebService.StartAsync("two"));
        _bed.Dialer.Ports[IngressBed.Here] = _one.Port;
        _bed.Dialer.Ports[IngressBed.There] = _two.Port;
    }

    public async Task DisposeAsync()
    {
        _one.Slow.TrySetResult();
        await _bed.DisposeAsync();
        await _one.DisposeAsync();
        await _two.DisposeAsync();
    }

    [Theory]
    [InlineData("app-shop.apps.test")]
    [InlineData("APP-Shop.Apps.Test")]
    [InlineData("app-shop.apps.test.")]
    [InlineData("app-shop.apps.test:8443")]
    [InlineData("www.shop.test")]
    [InlineData("db-shop.eu.test")]
    public async Task A_host_leads_to_its_service_however_it_is_written(string host)
    {
        _bed.Server.Publish([IngressBed.Shop(1, IngressBed.App() with { Domains = ["www.shop.test"] }, IngressBed.Service("db") with { BaseUrl = "eu" })]);
        (await GetAsync(host)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("other-shop.apps.test")]
    [InlineData("apps.test")]
    [InlineData("app-shop.eu.test")]
    [InlineData("127.0.0.1")]
    [InlineData("db-shop.apps.test")]
    public async Task An_unknown_host_is_not_found_and_nothing_is_dialled(string host)
    {
        _bed.Server.Publish([IngressBed.Shop(1, IngressBed.App())]);
        var (status, body, mediaType) = await GetAsync(host);

        status.ShouldBe(HttpStatusCode.NotFound);
        body.ShouldBe("404 Not Found: there is nothing at this address.\n");
        mediaType.ShouldBe("text/plain");
        _bed.Dialer.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_service_that_is_not_public_any_more_is_not_found()
    {
        _bed.ServeShop();
        (await GetAsync("app-shop.apps.test")).Status.ShouldBe(HttpStatusCode.OK);

        _bed.Server.Publish([IngressBed.Shop(2)]);

        (await GetAsync("app-shop.apps.test")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_port_that_the_service_does_not_serve_is_a_plain_502_that_names_nothing_internal()
    {
        _bed.Dialer.Ports[IngressBed.Here] = TestPorts.Next();
        _bed.ServeShop();

        var (status, body, mediaType) = await GetAsync("app-shop.apps.test");

        status.ShouldBe(HttpStatusCode.BadGateway);
        body.ShouldBe("502 Bad Gateway: the service behind this address does not answer.\n");
        mediaType.ShouldBe("text/plain");
    }

    [Fact]
    public async Task A_service_that_closes_without_an_answer_is_a_502_too()
    {
        using var rude = new RudeService(int.MaxValue);
        _bed.Dialer.Ports[IngressBed.Here] = rude.Port;
        _bed.ServeShop();

        (await GetAsync("app-shop.apps.test")).Status.ShouldBe(HttpStatusCode.BadGateway);
    }

    [Theory]
    [InlineData("GET", HttpStatusCode.NoContent, 2)]
    [InlineData("POST", HttpStatusCode.BadGateway, 1)]
    [InlineData("DELETE", HttpStatusCode.BadGateway, 1)]
    public async Task A_request_whose_connection_is_reset_is_sent_again_only_when_it_is_safe(string method, HttpStatusCode status, int requests)
    {
        using var rude = new RudeService(resets: 1);
        _bed.Dialer.Ports[IngressBed.Here] = rude.Port;
        _bed.ServeShop();
        using var client = _bed.Client();
        using var request = new HttpRequestMessage(new HttpMethod(method), $"{App}/");

        using var answer = await client.SendAsync(request);

        answer.StatusCode.ShouldBe(status);
        rude.Requests.ShouldBe(requests);
    }

    [Fact]
    public async Task A_request_waits_while_no_instance_serves_and_goes_to_the_first_that_does()
    {
        _bed.Server.Publish([IngressBed.Shop(1, IngressBed.App() with { Placements = [] })]);
        var waiting = GetAsync("app-shop.apps.test");
        await Eventually.Is(() => _bed.Dialer.Asked.Count == 1, "the dialer holds it");

        _bed.ServeShop(IngressBed.On(IngressBed.There, generation: 2));

        (await waiting).Body.ShouldStartWith("two GET /");
    }

    [Fact]
    public async Task When_another_instance_serves_no_new_request_goes_to_the_old_one_and_its_idle_connections_close()
    {
        _bed.ServeShop(IngressBed.On(IngressBed.Here));
        using var client = _bed.Client();
        var slow = client.GetStringAsync($"{App}/slow");
        await Eventually.Is(() => _one.Connections == 1, "one is busy");
        (await client.GetStringAsync($"{App}/")).ShouldStartWith("one");
        await Eventually.Is(() => _one.Connections == 2, "one is busy and one is idle");

        _bed.ServeShop(IngressBed.On(IngressBed.There, generation: 2));

        (await client.GetStringAsync($"{App}/")).ShouldStartWith("two");
        await Eventually.Is(() => _one.Connections == 1, "the idle connection is closed");
        _one.Slow.SetResult();
        (await slow).ShouldBe("one");
        await Eventually.Is(() => _one.Connections == 0, "the busy one is closed when its request has ended");
    }

    [Fact]
    public async Task Connections_are_kept_when_the_same_instances_serve()
    {
        _bed.ServeShop();
        using var client = _bed.Client();
        (await client.GetStringAsync($"{App}/")).ShouldStartWith("one");

        _bed.Server.Publish([IngressBed.Shop(2, IngressBed.App()), IngressBed.Deployment("other", 1, IngressBed.App())]);

        (await client.GetStringAsync($"{App}/")).ShouldStartWith("one");
        _bed.Dialer.Asked.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Rolling_between_instances_under_load_fails_no_request()
    {
        _bed.ServeShop();
        using var client = _bed.Client();
        using var stop = new CancellationTokenSource();
        var answered = new int[4];
        var load = answered.Select((_, i) => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                using var content = new StringContent("body");
                using var answer = await client.PostAsync($"{App}/", content);
                answer.StatusCode.ShouldBe(HttpStatusCode.OK, $"request {answered[i]} of caller {i}");
                Interlocked.Increment(ref answered[i]);
            }
        })).ToList();
        for (var generation = 2; generation < 52; generation++)
        {
            int[] before = [.. answered];
            _bed.ServeShop(IngressBed.On(generation % 2 == 0 ? IngressBed.There : IngressBed.Here, generation));
            await Eventually.Is(
                () => load.Any(caller => caller.IsCompleted) || answered.Zip(before, (now, then) => (Now: now, Before: then)).All(count => count.Now > count.Before), $"each caller is answered by generation {generation}");
        }

        await stop.CancelAsync();
        await Task.WhenAll(load);
    }

    [Theory]
    [InlineData("http://app-shop.apps.test/a/b?c=d", HttpStatusCode.PermanentRedirect, "https://app-shop.apps.test/a/b?c=d")]
    [InlineData("http://unknown.apps.test/", HttpStatusCode.NotFound, null)]
    public async Task Plain_HTTP_only_redirects(string url, HttpStatusCode status, string? location)
    {
        _bed.ServeShop();
        using var client = _bed.Client();
        using var content = new StringContent("body");
        using var answer = await client.PostAsync(url, content);

        answer.StatusCode.ShouldBe(status);
        answer.Headers.Location?.OriginalString.ShouldBe(location);
        _bed.Dialer.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_taken_port_is_a_problem_and_is_opened_once_it_is_free()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using var bed = await IngressBed.StartAsync(options: new IngressOptions(IPAddress.Loopback, port, null) { RetryEvery = TimeSpan.FromMilliseconds(50) });

        bed.Server.Problems.ShouldContain(problem => problem.Contains($"127.0.0.1:{port}", StringComparison.Ordinal) && problem.Contains("warp.ingress.https-port", StringComparison.Ordinal));
        taken.Stop();

        await Eventually.Is(() => bed.Server.HttpsPort == port, "it listens");
        bed.Server.Problems.ShouldAllBe(problem => !problem.Contains("listen", StringComparison.Ordinal));
    }

    private async Task<(HttpStatusCode Status, string Body, string? MediaType)> GetAsync(string host)
    {
        using var client = _bed.Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{App}/") { Headers = { Host = host } };
        using var answer = await client.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(), answer.Content.Headers.ContentType?.MediaType);
    }
}
