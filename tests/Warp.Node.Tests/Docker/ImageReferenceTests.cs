using Shouldly;
using Warp.Node.Docker;
using Xunit;

namespace Warp.Node.Tests.Docker;

public sealed class ImageReferenceTests
{
    [Theory]
    [InlineData("postgres", "postgres", "latest", "docker.io")]
    [InlineData("postgres:15", "postgres", "15", "docker.io")]
    [InlineData("acme/app", "acme/app", "latest", "docker.io")]
    [InlineData("localhost/app", "localhost/app", "latest", "localhost")]
    [InlineData("localhost:5000/app", "localhost:5000/app", "latest", "localhost:5000")]
    [InlineData("ghcr.io/acme/app:v1", "ghcr.io/acme/app", "v1", "ghcr.io")]
    [InlineData("ghcr.io/acme/app@sha256:ab", "ghcr.io/acme/app", "sha256:ab", "ghcr.io")]
    [InlineData("ghcr.io/acme/app:v1@sha256:ab", "ghcr.io/acme/app", "sha256:ab", "ghcr.io")]
    public void A_reference_is_taken_apart(string text, string repository, string tag, string registry) =>
        ImageReference.Parse(text).ShouldBe(new ImageReference(repository, tag, registry));

    [Theory]
    [InlineData("pull access denied for acme/app, repository does not exist or may require 'docker login': denied: requested access to the resource is denied", "no access to it")]
    [InlineData("manifest for postgres:nope not found: manifest unknown: manifest unknown", "the tag does not exist there")]
    [InlineData("Get \"https://registry-1.docker.io/v2/\": dial tcp: lookup registry-1.docker.io on 10.0.0.1:53: no such host", "cannot be reached")]
    [InlineData("Get \"https://ghcr.io/v2/\": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)", "cannot be reached")]
    [InlineData("Get \"https://10.0.0.9/v2/\": x509: certificate signed by unknown authority", "cannot be trusted")]
    [InlineData("failed to resolve reference \"ghcr.io/acme/app:nope\": ghcr.io/acme/app:nope: not found", "the tag does not exist there")]
    [InlineData("failed to do request: Head \"https://ghcr.io/v2/\": dial tcp: lookup ghcr.io: no such host", "cannot be reached")]
    [InlineData("toomanyrequests: You have reached your pull rate limit.", "limits how often")]
    [InlineData("Head \"https://ghcr.io/v2/acme/app/manifests/latest\": unauthorized", "wants a login")]
    [InlineData("no matching manifest for linux/arm64/v8 in the manifest list entries", "this runner's processor")]
    [InlineData("write /var/lib/docker/tmp/x: no space left on device", "no disk space")]
    public void The_engines_words_become_a_cause_and_a_next_step(string message, string expected) =>
        ImageFailure.FromPull("acme/app", "ghcr.io", message).Message.ShouldContain(expected);
}
