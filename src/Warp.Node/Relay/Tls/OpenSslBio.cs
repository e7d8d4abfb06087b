using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Warp.Node.Relay.Native;

namespace Warp.Node.Relay.Tls;

/// <summary>
/// BIOs whose other end is a <see cref="NativeBuffer"/>: OpenSSL reads what the socket brought in one large read, and its records gather for one large send.
/// </summary>
internal static unsafe class OpenSslBio
{
    private static readonly nint Method = CreateMethod();

    /// <summary>Makes a BIO over a buffer, which must outlive it.</summary>
    internal static nint Create(NativeBuffer buffer)
    {
        var bio = LibSsl.BioNew(Method);
        if (bio == 0)
        {
            throw new InvalidOperationException($"BIO_new failed: {LibSsl.TakeErrorText()}");
        }

        LibSsl.BioSetData(bio, (nint)buffer.State);
        LibSsl.BioSetInitialized(bio, 1);
        return bio;
    }

    private static nint CreateMethod()
    {
        var method = LibSsl.BioMethodNew(LibSsl.BioTypeSourceSink, "warp trunk");
        _ = LibSsl.BioMethodSetRead(method, &Read);
        _ = LibSsl.BioMethodSetWrite(method, &Write);
        _ = LibSsl.BioMethodSetControl(method, &Control);
        return method;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Read(nint bio, byte* target, int length)
    {
        LibSsl.BioClearFlags(bio, LibSsl.BioFlagsRetry);
        var state = (BufferState*)LibSsl.BioGetData(bio);
        var count = Math.Min(length, state->End - state->Start);
        if (count <= 0)
        {
            LibSsl.BioSetFlags(bio, LibSsl.BioFlagRead | LibSsl.BioFlagShouldRetry);
            return -1;
        }

        Unsafe.CopyBlockUnaligned(target, state->Data + state->Start, (uint)count);
        state->Start += count;
        if (state->Start == state->End)
        {
            state->Start = state->End = 0;
        }

        return count;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Write(nint bio, byte* source, int length)
    {
        LibSsl.BioClearFlags(bio, LibSsl.BioFlagsRetry);
        var state = (BufferState*)LibSsl.BioGetData(bio);
        if (length > state->Capacity - state->End)
        {
            LibSsl.BioSetFlags(bio, LibSsl.BioFlagWrite | LibSsl.BioFlagShouldRetry);
            return -1;
        }

        Unsafe.CopyBlockUnaligned(state->Data + state->End, source, (uint)length);
        state->End += length;
        return length;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Control(nint bio, int command, nint number, nint pointer) => command == LibSsl.BioControlFlush ? 1 : 0;
}
