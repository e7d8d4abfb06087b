using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Warp.Cluster.Identity;
using Warp.Node.Routing;

namespace Warp.Node.Relay.Frames;

/// <summary>
/// The payload of an OPEN frame: three names (one byte of length, UTF-8), each followed by what belongs to it.
/// <c>deployment | caller, ordinal (4), generation (8) | target | port (2)</c>; nothing may be missing and nothing may follow.
/// The ingress of a runner calls with an empty name, ordinal 0 and generation 0: no service can have that name, and no instance that generation.
/// </summary>
internal static class OpenFrame
{
    /// <summary>Two names of one byte, an empty one, and the numbers.</summary>
    internal const int MinSize = (2 * 2) + 1 + 4 + 8 + 2;

    /// <summary>A deployment of 63 bytes and two services of 200.</summary>
    internal const int MaxSize = 1 + MaxDeployment + (2 * (1 + ServiceName.MaxBytes)) + 4 + 8 + 2;

    /// <summary>The port's bytes at the end; what is before them is the same for every connection between two services.</summary>
    internal const int PortSize = 2;

    private const int MaxDeployment = 63;

    // Replaces nothing: bytes that are not UTF-8 are an error, not a question mark.
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Writes the payload.</summary>
    /// <param name="request">What to ask for.</param>
    /// <param name="target">At least <see cref="MaxSize"/> bytes.</param>
    /// <returns>How many bytes were written.</returns>
    internal static int Write(in OpenRequest request, Span<byte> target)
    {
        var at = WriteName(request.Deployment.Value, target);
        at += WriteName(request.IsIngress ? "" : request.Caller.Value, target[at..]);
        BinaryPrimitives.WriteInt32BigEndian(target[at..], request.CallerOrdinal);
        BinaryPrimitives.WriteInt64BigEndian(target[(at + 4)..], request.CallerGeneration);
        at += 12;
        at += WriteName(request.Target.Value, target[at..]);
        BinaryPrimitives.WriteUInt16BigEndian(target[at..], (ushort)request.Port);
        return at + PortSize;
    }

    /// <summary>Reads the payload; every rule of the names is checked.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> source, out OpenRequest request)
    {
        request = default;
        if (!TryReadName<DeploymentName>(ref source, out var deployment)
            || !TryReadCaller(ref source, out var caller)
            || source.Length < 12)
        {
            return false;
        }

        var ordinal = BinaryPrimitives.ReadInt32BigEndian(source);
        var generation = BinaryPrimitives.ReadInt64BigEndian(source[4..]);
        source = source[12..];
        var isValid = caller == default ? ordinal == 0 && generation == 0 : ordinal >= 0 && generation > 0;
        if (!isValid || !TryReadName<ServiceName>(ref source, out var target) || source.Length != PortSize)
        {
            return false;
        }

        var port = BinaryPrimitives.ReadUInt16BigEndian(source);
        request = new OpenRequest(deployment, caller, ordinal, generation, target, port);
        return port > 0;
    }

    private static int WriteName(string name, Span<byte> target)
    {
        var length = StrictUtf8.GetBytes(name, target[1..]);
        target[0] = (byte)length;
        return 1 + length;
    }

    private static bool TryReadCaller(ref ReadOnlySpan<byte> source, out ServiceName caller)
    {
        caller = default;
        if (source.IsEmpty || source[0] > 0)
        {
            return TryReadName(ref source, out caller);
        }

        source = source[1..];
        return true;
    }

    private static bool TryReadName<T>(ref ReadOnlySpan<byte> source, [NotNullWhen(true)] out T name)
        where T : struct, IStringValue<T>
    {
        name = default;
        if (source.IsEmpty || source.Length < 1 + source[0])
        {
            return false;
        }

        var bytes = source.Slice(1, source[0]);
        source = source[(1 + bytes.Length)..];
        return TryDecode(bytes, out var text) && T.TryParse(text, out name, out _);
    }

    private static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out string? text)
    {
        try
        {
            text = StrictUtf8.GetString(bytes);
            return true;
        }
        catch (DecoderFallbackException)
        {
            text = null;
            return false;
        }
    }
}
