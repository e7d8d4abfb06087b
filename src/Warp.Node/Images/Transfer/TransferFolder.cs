using System.Security.Cryptography;
using Warp.Node.Configuration;

namespace Warp.Node.Images.Transfer;

/// <summary>A folder for single files of images on their way; each is gone when it is closed, and what an earlier process left is removed at the start.</summary>
internal sealed class TransferFolder
{
    private const int Chunk = 128 * 1024;
    private readonly string _path;

    /// <param name="path">The folder; made when it is missing.</param>
    /// <exception cref="OperatorException">It cannot be made or emptied.</exception>
    public TransferFolder(string path)
    {
        _path = path;
        try
        {
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }

            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new OperatorException(ExitCode.System, $"The folder {path} cannot be made ready: {failure.Message}", failure);
        }
    }

    /// <summary>Takes a stream to its end.</summary>
    /// <returns>Its content from the beginning; the caller disposes it, and the file is gone.</returns>
    public async Task<TakenFile> TakeAsync(Stream content, CancellationToken cancellationToken)
    {
        var file = new FileStream(Path.Combine(_path, Guid.NewGuid().ToString("N")), new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            BufferSize = 0,
        });
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var chunk = new byte[Chunk];
            for (int read; (read = await content.ReadAsync(chunk, cancellationToken)) > 0;)
            {
                hash.AppendData(chunk, 0, read);
                await file.WriteAsync(chunk.AsMemory(0, read), cancellationToken);
            }

            file.Position = 0;
            return new TakenFile(file, $"sha256:{Convert.ToHexStringLower(hash.GetHashAndReset())}");
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }
}

/// <summary>One file.</summary>
/// <param name="Content">From the beginning.</param>
/// <param name="Digest">Of all of it: <c>sha256:</c> and 64 hex digits.</param>
internal sealed record TakenFile(FileStream Content, string Digest);
