using System.Diagnostics;
using System.Formats.Tar;
using Docker.DotNet;
using Docker.DotNet.Models;
using Xunit;

namespace Warp.Node.Tests.Docker;

/// <summary>
/// A real dockerd for the tests alone: its own folders and socket, and its own network, mount and process namespaces, so that the host's bridges,
/// firewall and mounts are not touched. When this process ends, in whatever way, its end of the pipe closes and all of it goes.
/// </summary>
public sealed class PrivateEngine : IAsyncLifetime
{
    /// <summary>A root file system with nothing but busybox and its links.</summary>
    public const string Image = "warp-test:busybox";

    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(60);

    private const string Supervisor = """
        set -u
        ip link set lo up
        begin() { dockerd --data-root "$1/data" --exec-root "$1/exec" -H "unix://$1/docker.sock" --pidfile "$1/docker.pid" \
          --exec-opt native.cgroupdriver=cgroupfs >>"$1/dockerd.log" 2>&1 & engine=$!; }
        begin "$1"
        while read -r order; do
          case "$order" in
            stop) kill "$engine"; wait "$engine" ;;
            start) begin "$1" ;;
          esac
        done
        kill "$engine"; wait "$engine"
        grep -o " $1/[^ ]*" /proc/mounts | sort -r | xargs -r umount --lazy
        rm -rf --one-file-system "$1"
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("warp-engine-").FullName;
    private Process? _supervisor;

    /// <summary>Where it listens.</summary>
    public Uri Endpoint => new($"unix://{_folder}/docker.sock");

    /// <summary>A process in the engine's network namespace.</summary>
    public int NetworkOf => _supervisor!.Id;

    /// <summary>An unrestricted client, for what the code under test must not do.</summary>
    public DockerClient Client { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Require("dockerd", "docker.io");
        Require("unshare", "util-linux");
        Require("ip", "iproute2");
        Require("busybox", "busybox-static");
        _supervisor = Process.Start(new ProcessStartInfo("unshare")
        {
            ArgumentList = { "--net", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child", "bash", "-c", Supervisor, "supervisor", _folder },
            RedirectStandardInput = true,
            UseShellExecute = false,
        })!;
        using var configuration = new DockerClientConfiguration(Endpoint);
        Client = configuration.CreateClient();
        await UntilItAnswersAsync();
        await ImportImageAsync();
    }

    /// <summary>Ends dockerd, and with it every container.</summary>
    public async Task StopAsync() => await _supervisor!.StandardInput.WriteLineAsync("stop");

    /// <summary>Starts dockerd again on the same folders.</summary>
    public async Task StartAsync()
    {
        await _supervisor!.StandardInput.WriteLineAsync("start");
        await UntilItAnswersAsync();
    }

    public async Task DisposeAsync()
    {
        Client?.Dispose();
        if (_supervisor is not null)
        {
            _supervisor.StandardInput.Close();
            await _supervisor.WaitForExitAsync();
            _supervisor.Dispose();
        }
    }

    private static void Require(string program, string package)
    {
        var folders = new[] { "/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin" };
        if (!folders.Any(folder => File.Exists(Path.Combine(folder, program))))
        {
            throw new InvalidOperationException($"'{program}' is missing: install it with 'apt-get install {package}'");
        }

        if (!Environment.IsPrivilegedProcess)
        {
            throw new InvalidOperationException("a private dockerd needs root: run the tests with sudo");
        }
    }

    private async Task UntilItAnswersAsync()
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await Client.System.PingAsync();
                return;
            }
            catch (Exception) when (watch.Elapsed < s_startLimit && !_supervisor!.HasExited)
            {
                await Task.Delay(50);
            }
            catch (Exception exception)
            {
                var log = await File.ReadAllLinesAsync(Path.Combine(_folder, "dockerd.log"));
                throw new InvalidOperationException($"dockerd did not start; its last lines:\n{string.Join('\n', log.TakeLast(15))}", exception);
            }
        }
    }

    private async Task ImportImageAsync()
    {
        using var tar = new MemoryStream();
        await using (var writer = new TarWriter(tar, TarEntryFormat.Gnu, leaveOpen: true))
        {
            await writer.WriteEntryAsync(new GnuTarEntry(TarEntryType.Directory, "bin/") { Mode = (UnixFileMode)0b111_101_101 });
            await writer.WriteEntryAsync("/bin/busybox", "bin/busybox");
            foreach (var applet in (string[])["sh", "env", "cat", "sleep", "echo", "nc", "grep", "wc", "tail", "seq", "head", "tr"])
            {
                await writer.WriteEntryAsync(new GnuTarEntry(TarEntryType.SymbolicLink, $"bin/{applet}") { LinkName = "busybox" });
            }
        }

        tar.Position = 0;
        var name = Image.Split(':');
        await Client.Images.CreateImageAsync(
            new ImagesCreateParameters { FromSrc = "-", Repo = name[0], Tag = name[1], Changes = ["EXPOSE 8080", "EXPOSE 53/udp", "CMD [\"sleep\", \"1000\"]"] },
            tar,
            new AuthConfig(),
            new Progress<JSONMessage>());
    }
}

/// <summary>The tests that share one private engine; they do not run at the same time.</summary>
[CollectionDefinition(Name)]
public sealed class EngineCollection : ICollectionFixture<PrivateEngine>
{
    public const string Name = "private dockerd";
}
