using System.Buffers.Binary;
using System.Text;
using CsCheck;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Node.Relay.Frames;
using Warp.Node.Relay.Streams;
using Warp.Node.Routing;
using Xunit;

namespace Warp.Node.Tests.Relay.Frames;

public sealed class FrameCodecTests
{
    private const int MaxData = 32 * 1024;
    private static readonly FrameType[] Types = [FrameType.Data, FrameType.Window, FrameType.Fin, FrameType.Ping];

    private static readonly Gen<ServiceName> Service =
        Gen.String[Gen.Char["abcdefghijklmnopqrstuvwxyzäöü語-_. 0123456789"], 1, 60].Select(s => $"s{s}e").Select(ServiceName.Parse);

    private static readonly Gen<OpenRequest> Request =
        from deployment in Gen.String[Gen.Char["abcxyz019"], 1, 63]
        from caller in Service
        from ordinal in Gen.Int[0, int.MaxValue]
        from generation in Gen.Long[1, long.MaxValue]
        from target in Service
        from port in Gen.Int[1, 65535]
        from ingress in Gen.Bool
        select ingress
            ? OpenRequest.OfIngress(DeploymentName.Parse(deployment), target, port)
            : new OpenRequest(DeploymentName.Parse(deployment), caller, ordinal, generation, target, port);

    [Fact]
    public void An_open_frame_reads_back_as_it_was_written() => Request.Sample(request =>
    {
        var bytes = Write(request);
        OpenFrame.TryRead(bytes, out var read).ShouldBeTrue();
        read.ShouldBe(request);
    });

    [Fact]
    public void A_truncated_or_prolonged_open_frame_is_refused() => Request.Sample(request =>
    {
        var bytes = Write(request);
        for (var length = 0; length < bytes.Length; length++)
        {
            OpenFrame.TryRead(bytes.AsSpan(0, length), out _).ShouldBeFalse();
        }

        OpenFrame.TryRead([.. bytes, 0], out _).ShouldBeFalse();
    });

    [Theory]
    [InlineData("", 0, 0, true)]
    [InlineData("", 1, 0, false)]
    [InlineData("", 0, 1, false)]
    [InlineData("app", 0, 0, false)]
    [InlineData("app", -1, 1, false)]
    [InlineData("app", 0, 1, true)]
    public void Only_the_ingress_has_no_name_and_only_it_has_no_generation(string caller, int ordinal, long generation, bool isValid)
    {
        byte[] name = [(byte)caller.Length, .. Encoding.UTF8.GetBytes(caller)];
        var numbers = new byte[12];
        BinaryPrimitives.WriteInt32BigEndian(numbers, ordinal);
        BinaryPrimitives.WriteInt64BigEndian(numbers.AsSpan(4), generation);
        OpenFrame.TryRead([4, .. "shop"u8, .. name, .. numbers, 2, .. "db"u8, 0, 80], out _).ShouldBe(isValid);
    }

    [Fact]
    public void Random_bytes_never_throw_and_what_is_accepted_is_canonical() =>
        Gen.Byte.Array[OpenFrame.MinSize, 80].Sample(bytes =>
        {
            if (OpenFrame.TryRead(bytes, out var request))
            {
                Write(request).ShouldBe(bytes);
            }
        });

    [Fact]
    public void A_mutated_open_frame_never_throws() =>
        Gen.Select(Request, Gen.Int[0, 1000], Gen.Byte).Sample((request, at, value) =>
        {
            var bytes = Write(request);
            bytes[at % bytes.Length] = value;
            if (OpenFrame.TryRead(bytes, out var read))
            {
                Write(read).ShouldBe(bytes);
            }
        });

    [Fact]
    public void The_path_cache_answers_as_the_codec_does() => Request.Array[1, 8].Sample(requests =>
    {
        var cache = new ExitPathCache();
        foreach (var request in requests.Concat(requests))
        {
            cache.TryRead(Write(request), out var path, out var port).ShouldBeTrue();
            (path!.Request with { Port = port }).ShouldBe(request);
        }
    });

    [Fact]
    public void Frames_come_out_of_any_split_as_they_went_in()
    {
        var frame = from type in Gen.Int[0, 3].Select(i => Types[i])
                    from length in Gen.Int[1, 300]
                    from stream in Gen.UInt[1, 1000]
                    select Frame(type, length, stream);
        Gen.Select(frame.Array[1, 20], Gen.Int[1, 50]).Sample((frames, step) =>
        {
            var wire = frames.SelectMany(f => f).ToArray();
            var (read, from) = (0, 0);
            for (var until = 0; until <= wire.Length; until = until == wire.Length ? until + 1 : Math.Min(wire.Length, until + step))
            {
                while (FrameReader.Read(wire.AsSpan(from..until), MaxData, out _, out var payload) == FrameRead.Frame)
                {
                    var size = FrameHeader.Size + payload.Length;
                    wire[from..(from + size)].ShouldBe(frames[read++]);
                    from += size;
                }
            }

            read.ShouldBe(frames.Length);
        });
    }

    [Fact]
    public void Every_cut_through_a_frame_of_any_type_leaves_it_incomplete_and_the_rest_completes_it()
    {
        foreach (var type in Enum.GetValues<FrameType>())
        {
            byte[] frame = type is FrameType.Open ? [.. OpenFrameHeader(out var open), .. open] : Frame(type, 300, 7);
            for (var length = 0; length < frame.Length; length++)
            {
                FrameReader.Read(frame.AsSpan(0, length), MaxData, out _, out _).ShouldBe(FrameRead.Incomplete);
            }

            FrameReader.Read([.. frame, 1, 2, 3], MaxData, out var header, out var payload).ShouldBe(FrameRead.Frame);
            (header.Type, payload.Length).ShouldBe((type, frame.Length - FrameHeader.Size));
        }
    }

    [Fact]
    public void A_header_with_any_byte_changed_is_read_by_the_rules_or_refused() =>
        Gen.Select(Gen.Int[0, 3].Select(i => Types[i]), Gen.Int[0, FrameHeader.Size - 1], Gen.Byte).Sample((type, at, value) =>
        {
            var bytes = Frame(type, 100, 3);
            bytes[at] = value;
            var header = FrameHeader.Read(bytes);
            FrameReader.Read(bytes, MaxData, out _, out _).ShouldBe(
                header.Problem(MaxData) is not null ? FrameRead.Invalid : header.Length > bytes.Length - FrameHeader.Size ? FrameRead.Incomplete : FrameRead.Frame);
        });

    [Fact]
    public void Random_bytes_are_a_frame_or_invalid_or_incomplete_and_never_more_than_was_agreed() =>
        Gen.Byte.Array[0, 64].Sample(bytes =>
        {
            if (FrameReader.Read(bytes, MaxData, out var header, out var payload) == FrameRead.Frame)
            {
                payload.Length.ShouldBe(header.Length);
                header.Problem(MaxData).ShouldBeNull();
            }
        });

    [Fact]
    public void A_preface_reads_back_at_every_split_and_skips_settings_it_does_not_know()
    {
        var bytes = new byte[Preface.Size];
        new Preface(MaxData, 65_536).Write(bytes);
        for (var length = 0; length < bytes.Length; length++)
        {
            Preface.Read(bytes.AsSpan(0, length), out _, out _, out _).ShouldBe(FrameRead.Incomplete);
        }

        byte[] longer = [.. bytes, 1, 2, 3];
        longer[7] += 3;
        Preface.Read(longer, out var preface, out var size, out _).ShouldBe(FrameRead.Frame);
        (preface, size).ShouldBe((new Preface(MaxData, 65_536), longer.Length));
    }

    private static byte[] Write(OpenRequest request)
    {
        var bytes = new byte[OpenFrame.MaxSize];
        return bytes[..OpenFrame.Write(request, bytes)];
    }

    private static byte[] OpenFrameHeader(out byte[] payload)
    {
        payload = Write(OpenRequest.OfIngress(DeploymentName.Parse("shop"), ServiceName.Parse("db"), 80));
        var header = new byte[FrameHeader.Size];
        new FrameHeader(FrameType.Open, payload.Length, 7).Write(header);
        return header;
    }

    private static byte[] Frame(FrameType type, int length, uint stream)
    {
        var size = type switch
        {
            FrameType.Data => length,
            FrameType.Window => 4,
            FrameType.Reset => 2,
            FrameType.Ping or FrameType.Pong => 8,
            _ => 0,
        };
        var bytes = new byte[FrameHeader.Size + size];
        new FrameHeader(type, size, type is FrameType.Ping or FrameType.Pong or FrameType.GoAway ? 0 : stream).Write(bytes);
        bytes.AsSpan(FrameHeader.Size).Fill((byte)length);
        return bytes;
    }
}
