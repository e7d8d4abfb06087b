using System.Text;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Cluster.Specs;
using Warp.Node.Relay.Frames;
using Warp.Node.Relay.Streams;
using Xunit;
using Xunit.Abstractions;

namespace Warp.Node.Tests.Fuzzing;

/// <summary>No input makes a parser throw or take more memory than it should; and what it accepts, it would write just so.</summary>
public sealed class ParserFuzzTests(ITestOutputHelper output)
{
    private const int MaxData = 32 * 1024;
    private const int NamedFrames = 6;

    [Fact]
    public Task Frames() => new FuzzRun("frames", [.. Enum.GetValues<FrameType>().Select(type => Header(type, 8)), "shop"u8.ToArray()], ReadFrames).RunAsync(output);

    [Fact]
    public Task Prefaces() => new FuzzRun("preface", ["WARP"u8.ToArray()], ReadPreface).RunAsync(output);

    [Fact]
    public Task Deployment_documents() => new FuzzRun(
        "deployment",
        [.. new[] { "\"services\":[", "{\"name\":\"a\"}", "\"image\":\"i:1\"", "\"port\":65536", "null", "1e999", "\"\\ud800\"", "[[[[[[[[", "}}", ",", "\u00e4" }.Select(Encoding.UTF8.GetBytes)],
        ReadDeployment).RunAsync(output);

    private static string ReadFrames(byte[] input)
    {
        var outcome = new StringBuilder();
        var paths = new ExitPathCache();
        var rest = input.AsSpan();
        FrameRead read;
        for (var frames = 0; (read = FrameReader.Read(rest, MaxData, out var header, out var payload)) == FrameRead.Frame; frames++)
        {
            var bytes = new byte[FrameHeader.Size + payload.Length];
            header.Write(bytes);
            payload.CopyTo(bytes.AsSpan(FrameHeader.Size));
            rest.StartsWith(bytes).ShouldBeTrue("a frame is written as it was read");
            payload.Length.ShouldBeLessThanOrEqualTo(MaxData);
            var accepted = header.Type == FrameType.Open && ReadOpen(payload, paths);
            if (frames < NamedFrames)
            {
                outcome.Append(header.Type).Append(accepted ? '+' : '-');
            }

            rest = rest[bytes.Length..];
        }

        return outcome.Append(read).ToString();
    }

    private static bool ReadOpen(ReadOnlySpan<byte> payload, ExitPathCache paths)
    {
        var accepted = OpenFrame.TryRead(payload, out var request);
        for (var again = 0; again < 2; again++)
        {
            paths.TryRead(payload, out var path, out var port).ShouldBe(accepted, "the cache accepts what the codec accepts");
            if (accepted)
            {
                (path!.Request with { Port = port }).ShouldBe(request);
            }
        }

        if (accepted)
        {
            var bytes = new byte[OpenFrame.MaxSize];
            payload.SequenceEqual(bytes.AsSpan(0, OpenFrame.Write(request, bytes))).ShouldBeTrue("an OPEN frame is written as it was read");
        }

        return accepted;
    }

    private static string ReadPreface(byte[] input)
    {
        var read = Preface.Read(input, out var preface, out var size, out var problem);
        (problem is not null).ShouldBe(read == FrameRead.Invalid);
        if (read == FrameRead.Frame)
        {
            var bytes = new byte[Preface.Size];
            preface.Write(bytes);
            size.ShouldBeInRange(Preface.Size, input.Length);
            input.AsSpan(8, Preface.Size - 8).SequenceEqual(bytes.AsSpan(8)).ShouldBeTrue("the settings are written as they were read");
        }

        return $"{read} {problem?[..Math.Min(problem.Length, 12)]}";
    }

    private static string ReadDeployment(byte[] input)
    {
        var parsed = SpecParser.Parse(DeploymentName.Parse("shop"), input);
        (parsed.Spec is null).ShouldBe(!parsed.Problems.IsEmpty, "a document is taken, or it is told why not");
        parsed.Problems.ShouldAllBe(problem => problem.Message.Length > 0);
        return string.Join(' ', parsed.Problems.Take(3).Select(problem => problem.Message[..Math.Min(problem.Message.Length, 12)])) + parsed.Spec?.Services.Length;
    }

    private static byte[] Header(FrameType type, int length)
    {
        var bytes = new byte[FrameHeader.Size];
        new FrameHeader(type, length, 1).Write(bytes);
        return bytes;
    }
}
