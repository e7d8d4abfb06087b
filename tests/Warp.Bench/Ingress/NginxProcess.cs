using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Warp.Bench.Ingress;

/// <summary>An nginx of its own: a plain HTTP server that answers at once, and an HTTPS reverse proxy in front of it.</summary>
internal sealed class NginxProcess : IAsyncDisposable
{
    /// <summary>Where the plain server listens.</summary>
    public const int BackendPort = 18080;

    /// <summary>Where the reverse proxy listens.</summary>
    public const int HttpsPort = BackendPort + 1;

    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(10);
    private readonly Process _process;

    private NginxProcess(Process process) => _process = process;

    /// <summary>Starts it with everything that it writes in the folder, which holds <c>bench.crt</c> and <c>bench.key</c>.</summary>
    public static async Task<NginxProcess> StartAsync(string folder)
    {
        var file = Path.Combine(folder, "nginx.conf");
        await File.WriteAllTextAsync(file, Configuration(folder));
        var started = new NginxProcess(Process.Start(new ProcessStartInfo("nginx", ["-p", folder, "-c", file, "-e", Path.Combine(folder, "error.log")]))!);
        for (var start = Stopwatch.GetTimestamp(); !await AnswersAsync(HttpsPort); await Task.Delay(50))
        {
            if (started._process.HasExited || Stopwatch.GetElapsedTime(start) > StartTime)
            {
                throw new InvalidOperationException($"nginx does not start: {await File.ReadAllTextAsync(Path.Combine(folder, "error.log"))}");
            }
        }

        return started;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<bool> AnswersAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static string Configuration(string folder) => string.Create(CultureInfo.InvariantCulture, $$"""
        daemon off;
        user root;
        worker_processes auto;
        pid {{folder}}/nginx.pid;
        events { worker_connections 4096; }
        http {
            access_log off;
            client_body_temp_path {{folder}}/body;
            proxy_temp_path {{folder}}/proxy;
            fastcgi_temp_path {{folder}}/fastcgi;
            uwsgi_temp_path {{folder}}/uwsgi;
            scgi_temp_path {{folder}}/scgi;
            keepalive_requests 100000000;
            upstream service { server 127.0.0.1:{{BackendPort}}; keepalive 128; keepalive_requests 100000000; }
            server {
                listen 127.0.0.1:{{BackendPort}};
                location / { default_type text/plain; return 200 "{{new string('x', 512)}}"; }
            }
            server {
                listen 127.0.0.1:{{HttpsPort}} ssl;
                ssl_certificate {{folder}}/bench.crt;
                ssl_certificate_key {{folder}}/bench.key;
                ssl_protocols TLSv1.2 TLSv1.3;
                location / {
                    proxy_pass http://service;
                    proxy_http_version 1.1;
                    proxy_buffering off;
                    proxy_set_header Connection "";
                    proxy_set_header Host $host;
                    proxy_set_header X-Forwarded-For $remote_addr;
                    proxy_set_header X-Forwarded-Proto https;
                    proxy_set_header X-Forwarded-Host $host;
                }
            }
        }
        """);
}
