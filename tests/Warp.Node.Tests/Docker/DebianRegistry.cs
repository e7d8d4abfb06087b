using System.Diagnostics;
using System.Globalization;
using Docker.DotNet.Models;

namespace Warp.Node.Tests.Docker;

/// <summary>A real registry (Debian's package docker-registry) with basic authentication, on the loopback of the private engine's namespace.</summary>
internal sealed class DebianRegistry : IAsyncDisposable
{
    /// <summary>The user that it knows.</summary>
    public const string User = "deploy";

    /// <summary>Its password; in base64 the login has characters that differ in base64url.</summary>
    public const string Password = "pä?>ss~~word";

    private readonly TemporaryFolder _folder = new();
    private readonly Process _process;

    private DebianRegistry(PrivateEngine engine, string host)
    {
        Host = host;
        File.WriteAllText(_folder["htpasswd"], Tool("htpasswd", "-Bbn", User, Password));
        File.WriteAllText(_folder["config.yml"], string.Create(CultureInfo.InvariantCulture, $$"""
            version: 0.1
            log: { level: error }
            storage: { filesystem: { rootdirectory: {{_folder["data"]}} } }
            http: { addr: "{{host}}" }
            auth: { htpasswd: { realm: test, path: {{_folder["htpasswd"]}} } }
            """));
        _process = Process.Start(new ProcessStartInfo("nsenter")
        {
            ArgumentList = { $"--net=/proc/{engine.NetworkOf}/ns/net", "docker-registry", "serve", _folder["config.yml"] },
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
    }

    /// <summary>Host and port.</summary>
    public string Host { get; }

    /// <summary>Starts it with one image in it, and waits until it answers.</summary>
    /// <param name="engine">In whose namespace.</param>
    /// <param name="image">Its path and tag there; its content is that of <see cref="PrivateEngine.Image"/>, and the engine keeps no reference to it.</param>
    public static async Task<DebianRegistry> StartAsync(PrivateEngine engine, string image)
    {
        var registry = new DebianRegistry(engine, "127.0.0.1:5010");
        var name = $"{registry.Host}/{image}".Split(':');
        await engine.Client.Images.TagImageAsync(PrivateEngine.Image, new() { RepositoryName = $"{registry.Host}/{image.Split(':')[0]}", Tag = name[^1] });
        await Eventually.Is(() => PushAsync(engine, registry.Host, image), "the registry takes the image");
        await engine.Client.Images.DeleteImageAsync($"{registry.Host}/{image}", new());
        return registry;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Dispose();
    }

    private static async Task<bool> PushAsync(PrivateEngine engine, string host, string image)
    {
        var error = false;
        await engine.Client.Images.PushImageAsync(
            $"{host}/{image.Split(':')[0]}",
            new ImagePushParameters { Tag = image.Split(':')[1] },
            new AuthConfig { Username = User, Password = Password, ServerAddress = host },
            new Reporter(message => error |= message.Error is not null || message.ErrorMessage is not null));
        return !error;
    }

    private static string Tool(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false })
            ?? throw new InvalidOperationException($"'{program}' is missing: scripts/install-tools.sh installs it");
        return process.StandardOutput.ReadToEnd();
    }

    private sealed class Reporter(Action<JSONMessage> report) : IProgress<JSONMessage>
    {
        public void Report(JSONMessage value) => report(value);
    }
}
