using System.Runtime.Serialization;
using System.Text;
using Akka.TestKit.Xunit2;
using Shouldly;
using Warp.Cluster.Protocol;
using Warp.Cluster.Serialization;
using Xunit;

namespace Warp.Cluster.Tests.Serialization;

public sealed class WarpProtocolSerializerTests : TestKit
{
    private readonly TemporarySqlite _sqlite;

    public WarpProtocolSerializerTests()
        : this(new TemporarySqlite())
    {
    }

    private WarpProtocolSerializerTests(TemporarySqlite sqlite)
        : base(sqlite.WithoutCluster) => _sqlite = sqlite;

    public static TheoryData<string> Manifests => [.. ProtocolSamples.All.Keys.Order(StringComparer.Ordinal)];

    private static string Golden => Path.Combine(AppContext.BaseDirectory, "Serialization", "Golden");

    [Fact]
    public void Every_message_has_a_manifest_and_a_sample()
    {
        var types = typeof(IWarpMessage).Assembly.GetTypes().Where(type => type is { IsAbstract: false, IsInterface: false } && type.IsAssignableTo(typeof(IWarpMessage))).ToList();
        types.Where(type => !WarpManifests.ByType.ContainsKey(type)).ShouldBeEmpty();
        types.Where(type => ProtocolSamples.All.Values.All(sample => sample.GetType() != type)).ShouldBeEmpty();
        WarpManifests.ByManifest.Keys.Except(ProtocolSamples.All.Keys, StringComparer.Ordinal).ShouldBeEmpty();
    }

    [Fact]
    public void Every_file_that_was_ever_frozen_still_has_its_manifest() =>
        Directory.GetFiles(Golden).Select(file => Path.GetFileNameWithoutExtension(file).Replace('@', ':')).Order(StringComparer.Ordinal)
            .ShouldBe(WarpManifests.ByManifest.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Manifests))]
    public void What_was_written_once_is_read_for_ever(string manifest)
    {
        var frozen = File.ReadAllBytes(Path.Combine(Golden, manifest.Replace(':', '@') + ".json"));
        var read = Serializer().FromBinary(frozen, manifest).ShouldBeAssignableTo<IWarpMessage>()!;
        read.GetType().ShouldBe(ProtocolSamples.All[manifest].GetType());
        Sample.Json(read).ShouldBe(Sample.Json(ProtocolSamples.All[manifest]));
    }

    [Theory]
    [MemberData(nameof(Manifests))]
    public void The_system_uses_our_serializer(string manifest)
    {
        var sample = ProtocolSamples.All[manifest];
        var serializer = Sys.Serialization.FindSerializerFor(sample);
        serializer.Identifier.ShouldBe(4701);
        Akka.Serialization.Serialization.ManifestFor(serializer, sample).ShouldBe(manifest);
        Sample.Json((IWarpMessage)Sys.Serialization.Deserialize(Sys.Serialization.Serialize(sample), 4701, manifest)).ShouldBe(Sample.Json(sample));
    }

    [Fact]
    public void A_type_without_a_binding_is_refused() =>
        Should.Throw<SerializationException>(() => Sys.Serialization.FindSerializerFor(new Unbound("x")));

    [Theory]
    [InlineData("dep.apply:99", "{}", "is not known to this version")]
    [InlineData("dep.get:1", "{", "cannot be read")]
    [InlineData("dep.get:1", "null", "is null")]
    [InlineData("dep.get:1", "{}", "deployment")]
    [InlineData("dep.get:1", """{"deployment":"NOT A NAME"}""", "cannot be read")]
    [InlineData("run.report:1", """{"deployment":"shop","runner":"r1","assignmentVersion":1}""", "instances")]
    [InlineData("run.report:1", """{"deployment":"shop","runner":"r1","assignmentVersion":1,"instances":null}""", "cannot be read")]
    public void What_cannot_be_read_is_an_error_that_says_so(string manifest, string content, string message) =>
        Should.Throw<SerializationException>(() => Serializer().FromBinary(Encoding.UTF8.GetBytes(content), manifest)).Message.ShouldContain(message);

    [Fact]
    public void A_field_of_a_newer_version_is_left_aside() =>
        Serializer().FromBinary(Encoding.UTF8.GetBytes("""{"deployment":"shop","newer":[1]}"""), "dep.get:1").ShouldBe(new GetDeployment(Sample.Shop));

    protected override void AfterAll()
    {
        base.AfterAll();
        _sqlite.Dispose();
    }

    private WarpProtocolSerializer Serializer() => (WarpProtocolSerializer)Sys.Serialization.FindSerializerFor(new ListRunners());

    private sealed record Unbound(string Text);
}
