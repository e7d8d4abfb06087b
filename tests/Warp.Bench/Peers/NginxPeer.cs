using System.Net;
using Warp.Bench.Compare;

namespace Warp.Bench.Peers;

/// <summary>A pair of nginx with the stream module: each connection is a TLS connection of its own.</summary>
internal sealed class NginxPeer : TunnelPeer
{
    private const string ModulesOption = "--modules-path=";

    internal override string Name => "nginx";

    internal override string Note => "stream module, mutual TLS 1.3 for each connection; 2 workers, reuseport, half-close passed on, sessions resumed, 16 kB buffers";

    internal override IReadOnlyList<string> Needs => ["nginx"];

    internal override IReadOnlyList<string> VersionCommand => ["nginx", "-v"];

    internal override async Task<IPEndPoint> StartAsync(PeerSetting setting, CancellationToken cancellationToken)
    {
        var files = setting.Credentials;
        var module = await StreamModuleAsync(cancellationToken);
        await SpawnAsync(setting, setting.ServerHost, "exit", module, $"""
            listen {setting.Exit} ssl backlog=4096 reuseport;
            ssl_protocols TLSv1.3;
            ssl_certificate {files.ServerCertificate};
            ssl_certificate_key {files.ServerKey};
            ssl_client_certificate {files.Authority};
            ssl_verify_client on;
            proxy_pass {setting.Server};
            """, cancellationToken);
        await SpawnAsync(setting, setting.ClientHost, "entry", module, $"""
            listen {setting.LocalEntry} backlog=4096 reuseport;
            proxy_pass {setting.Exit};
            proxy_ssl on;
            proxy_ssl_protocols TLSv1.3;
            proxy_ssl_certificate {files.ClientCertificate};
            proxy_ssl_certificate_key {files.ClientKey};
            proxy_ssl_trusted_certificate {files.Authority};
            proxy_ssl_verify on;
            proxy_ssl_name {BenchCredentials.ServerName};
            """, cancellationToken);
        await setting.AwaitListenerAsync(setting.ServerHost, cancellationToken);
        await setting.AwaitListenerAsync(setting.ClientHost, cancellationToken);
        return setting.LocalEntry;
    }

    private static async Task<string> StreamModuleAsync(CancellationToken cancellationToken)
    {
        var build = await Command.RunAsync(["nginx", "-V"], cancellationToken);
        var folder = build.Split([' ', '\n']).FirstOrDefault(word => word.StartsWith(ModulesOption, StringComparison.Ordinal))?[ModulesOption.Length..];
        var module = Path.Combine(folder ?? "/usr/lib/nginx/modules", "ngx_stream_module.so");
        return File.Exists(module) ? module : throw new BenchException("its stream module is not installed");
    }

    private static async Task SpawnAsync(PeerSetting setting, BenchHost host, string name, string module, string server, CancellationToken cancellationToken)
    {
        var errors = Path.Combine(setting.Folder, $"{name}.errors");
        var file = await setting.WriteAsync($"{name}.conf", $$"""
            load_module {{module}};
            user root;
            daemon off;
            worker_processes 2;
            pid {{setting.Folder}}/{{name}}.pid;
            error_log {{errors}} error;
            events { worker_connections 19900; }
            stream { server {
            {{server}}
            proxy_timeout 1h;
            proxy_half_close on;
            } }

            """, cancellationToken);
        setting.Spawn(host, "nginx", "-e", errors, "-p", setting.Folder, "-c", file);
    }
}
