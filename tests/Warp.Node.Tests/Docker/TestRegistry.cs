using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Docker.DotNet.Models;

namespace Warp.Node.Tests.Docker;

/// <summary>
/// The least that a pull needs of a registry (OCI distribution specification, "pull"): files behind a few lines of shell, on the loopback of the private
/// engine's namespace, once open and once behind a login.
/// </summary>
internal sealed class TestRegistry : IAsyncDisposable
{
    /// <summary>A registry that lets everybody in.</summary>
    public const string Open = "127.0.0.1:5000";

    /// <summary>A registry that wants <see cref="Login"/>.</summary>
    public const string Locked = "127.0.0.1:5001";

    /// <summary>User and password.</summary>
    public const string Login = "warp:secret";

    /// <summary>The login as the protocol wants it (RFC 7617).</summary>
    public static readonly string Secret = Convert.ToBase64String(Encoding.UTF8.GetBytes(Login));

    /// <summary>An image whose layer never comes to its end.</summary>
    public const string SlowImage = "shop/slow:v1";

    /// <summary>An image whose layer is not what its digest says.</summary>
    public const string BrokenImage = "shop/broken:v1";

    /// <summary>The image that both have.</summary>
    public const string Image = "shop/app:v1";

    /// <summary>Answers one request; the argument is the Authorization header that it wants, or nothing.</summary>
    private const string Server = """
        #!/bin/sh
        read -r method path version
        given=
        while IFS= read -r line && line="${line%?}" && [ -n "$line" ]; do
          case "$line" in [Aa]uthorization:*) given="${line#*: }" ;; esac
        done
        answer() { printf 'HTTP/1.1 %b\r\nConnection: close\r\nContent-Type: %s\r\nContent-Length: %s\r\n\r\n' "$1" "$2" "$3"; }
        if [ -n "$1" ] && [ "$1" != "$given" ]; then
          answer "401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"test\"" text/plain 0
        elif [ "$path" = /v2/ ]; then
          answer "200 OK" application/json 0
        elif [ -f "/www$path.slow" ]; then
          answer "200 OK" application/octet-stream 1000000
          sleep 1000
        elif [ -f "/www$path" ]; then
          answer "200 OK" application/vnd.docker.distribution.manifest.v2+json "$(wc -c <"/www$path")"
          [ "$method" = HEAD ] || cat "/www$path"
        else
          answer "404 Not Found" application/json 69
          printf '{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}'
        fi
        """;

    /// <summary>Ports 5000 and 5001 as the kernel prints them.</summary>
    private const string UntilBothListen = "until cat /proc/net/tcp* | grep -q ':1388 ' && cat /proc/net/tcp* | grep -q ':1389 '; do sleep 0.02; done";

    private readonly PrivateEngine _engine;
    private readonly string _container;

    private TestRegistry(PrivateEngine engine, string container) => (_engine, _container) = (engine, container);

    public static async Task<TestRegistry> StartAsync(PrivateEngine engine)
    {
        var created = await engine.Client.Containers.CreateContainerAsync(new CreateContainerParameters
        {
            Image = PrivateEngine.Image,
            Cmd = ["sh", "-c", $"nc -ll -p 5000 -e sh /server '' & nc -ll -p 5001 -e sh /server 'Basic {Secret}' & {UntilBothListen}; echo ready; wait"],
            HostConfig = new HostConfig { NetworkMode = "host" },
        });
        await engine.Client.Containers.ExtractArchiveToContainerAsync(created.ID, new() { Path = "/" }, await FilesAsync());
        _ = await engine.Client.Containers.StartContainerAsync(created.ID, new());
        using var output = await engine.Client.Containers.GetContainerLogsAsync(created.ID, tty: false, new() { ShowStdout = true, Follow = true }, CancellationToken.None);
        _ = await output.ReadOutputAsync(new byte[16], 0, 16, CancellationToken.None);
        return new TestRegistry(engine, created.ID);
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.Client.Containers.RemoveContainerAsync(_container, new() { Force = true });
        foreach (var registry in (string[])[Open, Locked])
        {
            if (await _engine.Client.Images.ListImagesAsync(new() { Filters = Reference($"{registry}/{Image}") }) is { Count: > 0 })
            {
                _ = await _engine.Client.Images.DeleteImageAsync($"{registry}/{Image}", new() { Force = true });
            }
        }
    }

    private static Dictionary<string, IDictionary<string, bool>> Reference(string image) =>
        new(StringComparer.Ordinal) { ["reference"] = new Dictionary<string, bool>(StringComparer.Ordinal) { [image] = true } };

    private static async Task<Stream> FilesAsync()
    {
        var files = new List<(string Name, byte[] Content)> { ("server", Encoding.UTF8.GetBytes(Server)) };
        files.AddRange(await ImageAsync("app", static (path, blob) => (path, blob)));
        files.AddRange(await ImageAsync("slow", static (path, blob) => (path + ".slow", blob)));
        files.AddRange(await ImageAsync("broken", static (path, blob) => (path, [.. blob[..^8], 0, 0, 0, 0, 0, 0, 0, 0])));
        return new MemoryStream(await TarAsync([.. files]));
    }

    private static async Task<IEnumerable<(string Name, byte[] Content)>> ImageAsync(string name, Func<string, byte[], (string Name, byte[] Content)> layerFile)
    {
        var layer = await TarAsync(("hello", Encoding.UTF8.GetBytes($"hello from {name}\n")));
        using var compressed = new MemoryStream();
        await using (var gzip = new GZipStream(compressed, CompressionMode.Compress, leaveOpen: true))
        {
            await gzip.WriteAsync(layer);
        }

        var blob = compressed.ToArray();
        var config = Encoding.UTF8.GetBytes(
            $$$$"""{"architecture":"amd64","os":"linux","config":{"ExposedPorts":{"9000/tcp":{},"3211/tcp":{}}},"rootfs":{"type":"layers","diff_ids":["{{{{DigestOf(layer)}}}}"]}}""");
        var manifest = Encoding.UTF8.GetBytes(
            $$$$"""{"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json","config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":{{{{config.Length}}}},"digest":"{{{{DigestOf(config)}}}}"},"layers":[{"mediaType":"application/vnd.docker.image.rootfs.diff.tar.gzip","size":{{{{blob.Length}}}},"digest":"{{{{DigestOf(blob)}}}}"}]}""");
        return
        [
            ($"www/v2/shop/{name}/manifests/v1", manifest),
            ($"www/v2/shop/{name}/manifests/{DigestOf(manifest)}", manifest),
            ($"www/v2/shop/{name}/blobs/{DigestOf(config)}", config),
            layerFile($"www/v2/shop/{name}/blobs/{DigestOf(blob)}", blob),
        ];
    }

    private static async Task<byte[]> TarAsync(params (string Name, byte[] Content)[] files)
    {
        using var tar = new MemoryStream();
        await using (var writer = new TarWriter(tar, TarEntryFormat.Gnu, leaveOpen: true))
        {
            foreach (var (name, content) in files)
            {
                await writer.WriteEntryAsync(new GnuTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
            }
        }

        return tar.ToArray();
    }

    private static string DigestOf(byte[] bytes) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}";
}
