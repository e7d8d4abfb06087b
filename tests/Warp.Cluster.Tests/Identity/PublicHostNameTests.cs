using CsCheck;
using Shouldly;
using Warp.Cluster.Identity;
using Xunit;

namespace Warp.Cluster.Tests.Identity;

public sealed class PublicHostNameTests
{
    [Theory]
    [InlineData("app", "shop", "app-shop")]
    [InlineData("My App", "shop", "my-app-shop")]
    [InlineData("bücher", "shop", "xn--bcher-kva-shop")]
    [InlineData("-edge", "shop", "edge-shop")]
    public void The_label_is_the_encoded_service_and_the_deployment(string service, string deployment, string label) => Label(service, deployment).ShouldBe(label);

    [Fact]
    public void A_label_that_would_be_too_long_is_cut_and_ends_with_a_hash_that_never_changes() =>
        Label(new string('a', 40), new string('b', 40)).ShouldBe($"{new string('a', 40)}-{new string('b', 11)}-a5710c34e5");

    [Fact]
    public void Labels_that_are_cut_differ_when_the_names_do()
    {
        var (service, deployment) = (new string('a', 40), new string('b', 40));
        new[] { Label(service, deployment), Label(service + "a", deployment), Label(service, deployment + "b"), Label(service + "-b", deployment[1..]) }.ShouldBeUnique(StringComparer.Ordinal);
    }

    [Fact]
    public void Every_label_is_a_DNS_label() =>
        Gen.Select(Gen.String[Gen.Char.AlphaNumeric, 1, 60], Gen.String[Gen.Char["abc019"], 1, 63]).Sample((service, deployment) =>
        {
            var label = Label(service, deployment);
            label.Length.ShouldBeInRange(1, 63);
            label.ShouldAllBe(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
            (label[0] != '-' && label[^1] != '-').ShouldBeTrue();
        });

    private static string Label(string service, string deployment) => PublicHostName.Label(ServiceName.Parse(service), DeploymentName.Parse(deployment));
}
