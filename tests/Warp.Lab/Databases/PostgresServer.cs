using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Warp.Lab.Databases;

/// <summary>
/// A real PostgreSQL server that lives as long as a test: data and socket in a temporary folder, a port of its own, run by an unprivileged user. It takes nobody in but over TLS and
/// with a password that has every character that a connection string finds hard.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>The password of <see cref="User"/>.</summary>
    public const string Password = "p;w'\"=\\ §42";

    /// <summary>Owns the databases.</summary>
    public const string User = "warp";

    private readonly string _folder;
    private readonly IPAddress _address;
    private readonly ServerCertificate _certificate;

    private PostgresServer(string folder, IPAddress address)
    {
        (_folder, _address) = (folder, address);
        _certificate = new ServerCertificate(folder, address);
        Port = FreePort(address);
    }

    /// <summary>Its port.</summary>
    public int Port { get; }

    /// <summary>The CA that its certificate is of.</summary>
    public string AuthorityFile => _certificate.AuthorityFile;

    /// <summary>A CA that it has nothing to do with.</summary>
    public string ForeignAuthorityFile => _certificate.ForeignAuthorityFile;

    private string Data => Path.Combine(_folder, "data");

    /// <summary>Makes one and starts it.</summary>
    /// <param name="address">Where it listens; the loopback interface when not given.</param>
    /// <exception cref="LabException">PostgreSQL is not installed, or does not start.</exception>
    public static async Task<PostgresServer> StartAsync(IPAddress? address = null)
    {
        var server = new PostgresServer(Directory.CreateTempSubdirectory("warp-postgres-").FullName, address ?? IPAddress.Loopback);
        try
        {
            await server.MakeAsync();
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A connection string in Npgsql's form, which verifies the server's certificate and its name.</summary>
    public string ConnectionString(string database = "postgres") => string.Create(
        CultureInfo.InvariantCulture,
        $"Host={_address};Port={Port};Database={database};Username={User};Password=\"{Password.Replace("\"", "\"\"", StringComparison.Ordinal)}\";SSL Mode=VerifyFull;Root Certificate={AuthorityFile}");

    /// <summary>Makes an empty database.</summary>
    public async Task<string> CreateDatabaseAsync(string name)
    {
        await ToolAsync("psql", "--command", $"create database {name}");
        return ConnectionString(name);
    }

    /// <summary>Starts it when it was stopped.</summary>
    public async Task StartAgainAsync() =>
        (await Tool.RunAsync([.. PostgresPrograms.AsUser, PostgresPrograms.Find("pg_ctl"), "start", "--wait", "--silent", "-D", Data, "-l", Path.Combine(_folder, "log")])).Ensure();

    /// <summary>Ends it without a word to its clients, as a crash does.</summary>
    public async Task CrashAsync() => (await Tool.RunAsync([.. PostgresPrograms.AsUser, PostgresPrograms.Find("pg_ctl"), "stop", "--wait", "--silent", "-m", "immediate", "-D", Data])).Ensure();

    /// <summary>Runs one of PostgreSQL's own client programs as the databases' owner.</summary>
    public async Task<string> ToolAsync(string program, params IReadOnlyList<string> arguments) =>
        (await Tool.RunAsync(
        [
            "env", $"PGHOST={_address}", $"PGPORT={Port}", $"PGUSER={User}", $"PGPASSWORD={Password}", "PGDATABASE=postgres", "PGSSLMODE=verify-full", $"PGSSLROOTCERT={AuthorityFile}",
            PostgresPrograms.Find(program), .. arguments,
        ])).Ensure().Output;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (File.Exists(Path.Combine(Data, "postmaster.pid")))
        {
            await CrashAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort(IPAddress address)
    {
        using var listener = new TcpListener(address, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task MakeAsync()
    {
        var password = Path.Combine(_folder, "password");
        await File.WriteAllTextAsync(password, Password);
        await PostgresPrograms.GiveAsync(_folder);
        (await Tool.RunAsync(
        [
            .. PostgresPrograms.AsUser, PostgresPrograms.Find("initdb"), "--no-sync", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", $"--username={User}", $"--pwfile={password}", "-D", Data,
        ])).Ensure();
        await File.AppendAllTextAsync(Path.Combine(Data, "postgresql.conf"), string.Create(CultureInfo.InvariantCulture, $"""
            listen_addresses = '{_address}'
            port = {Port}
            unix_socket_directories = '{_folder}'
            shared_buffers = 16MB
            fsync = off
            ssl = on
            ssl_cert_file = '{_certificate.CertificateFile}'
            ssl_key_file = '{_certificate.KeyFile}'

            """));
        await File.WriteAllTextAsync(Path.Combine(Data, "pg_hba.conf"), "hostssl all all 0.0.0.0/0 scram-sha-256\n");
    }
}
