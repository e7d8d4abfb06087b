using System.Runtime.InteropServices;

namespace Warp.Node.Interception.Native;

/// <summary>The calls of libnftables that are used; see libnftables(3).</summary>
internal static partial class LibNftables
{
    /// <summary>The library's file, by its stable interface version.</summary>
    public const string FileName = "libnftables.so.1";

    [LibraryImport(FileName, EntryPoint = "nft_ctx_new")]
    internal static partial NftContextHandle NewContext(uint flags);

    [LibraryImport(FileName, EntryPoint = "nft_ctx_free")]
    internal static partial void FreeContext(nint context);

    [LibraryImport(FileName, EntryPoint = "nft_ctx_buffer_output")]
    internal static partial int BufferOutput(NftContextHandle context);

    [LibraryImport(FileName, EntryPoint = "nft_ctx_buffer_error")]
    internal static partial int BufferError(NftContextHandle context);

    /// <summary>The text belongs to the context: it is copied, never freed here.</summary>
    [LibraryImport(FileName, EntryPoint = "nft_ctx_get_error_buffer")]
    internal static partial nint ErrorBuffer(NftContextHandle context);

    [LibraryImport(FileName, EntryPoint = "nft_run_cmd_from_buffer", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Run(NftContextHandle context, string commands);
}

/// <summary>Owns an <c>nft_ctx</c>.</summary>
internal sealed class NftContextHandle() : SafeHandle(nint.Zero, ownsHandle: true)
{
    /// <inheritdoc/>
    public override bool IsInvalid => handle == nint.Zero;

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        LibNftables.FreeContext(handle);
        return true;
    }
}
