using System.Collections.Immutable;
using System.Net.Security;
using Microsoft.Extensions.Logging;
using Warp.Node.Configuration;
using Warp.Node.Security;

namespace Warp.Node.Ingress.Certificates;

/// <summary>
/// Keeps the certificates of the ingress in force: the operator's from their folder, read again when a file changes, and for what those do not cover such of the cluster's own CA,
/// asked for, kept on disk and renewed. Nothing of it needs a restart, and no wrong file ends anything.
/// </summary>
internal sealed class CertificateKeeper : IAsyncDisposable
{
    private readonly CertificateFolders _folders;
    private readonly BaseDomains _domains;
    private readonly PublicRouteTable _routes;
    private readonly ICertificateIssuer _issuer;
    private readonly CertificateKeeperTimes _times;
    private readonly ILogger _log;
    private readonly CertificateFolder _own;
    private readonly CertificateFolder _issued;
    private readonly ServerCertificate _stopgap;
    private readonly SemaphoreSlim _bell = new(0, 1);
    private readonly CancellationTokenSource _stopping = new();
    private volatile CertificateTable _table;
    private Task _work = Task.CompletedTask;

    public CertificateKeeper(
        CertificateFolders folders, BaseDomains domains, PublicRouteTable routes, ICertificateIssuer issuer, CertificateKeeperTimes times, ILogger log)
    {
        (_folders, _domains, _routes, _issuer, _times, _log) = (folders, domains, routes, issuer, times, log);
        (_own, _issued) = (new CertificateFolder(folders.Own, times.Clock), new CertificateFolder(folders.Issued, times.Clock));
        _stopgap = StopgapCertificate.Make(times.Clock);
        _table = CertificateTable.Of([], _stopgap);
    }

    /// <summary>What is wrong with certificates, for a person; empty when nothing is.</summary>
    public ImmutableArray<string> Problems { get; private set; } = [];

    /// <summary>What a handshake for this name uses (SNI); null or empty when the client names none.</summary>
    public SslServerAuthenticationOptions Select(string? serverName) => _table.Select(serverName);

    /// <summary>Reads what is there, and begins to keep it.</summary>
    public void Start()
    {
        Look([]);
        _routes.OnChanged(Ring);
        _work = KeepAsync(_stopping.Token);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _routes.OnChanged(() => { });
        await _stopping.CancelAsync();
        await _work;
        _bell.Dispose();
        _stopping.Dispose();
    }

    private async Task KeepAsync(CancellationToken stopping)
    {
        using var watch = FolderWatch.Begin(_folders.Own, Ring, _log);
        try
        {
            while (true)
            {
                var failures = await IssueAsync(stopping);
                Look(failures);
                await _bell.WaitAsync(failures.IsEmpty ? _times.LookEvery : _times.RetryEvery, stopping);
                await Task.Delay(_times.SettleFor, stopping);
                Look(failures);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The node stops.
        }
    }

    /// <summary>Asks for what is missing or old; one failure does not keep the others waiting.</summary>
    /// <returns>What did not work.</returns>
    private async Task<ImmutableArray<string>> IssueAsync(CancellationToken stopping)
    {
        var failures = ImmutableArray.CreateBuilder<string>();
        foreach (var names in CertificatePlan.Needed(_domains, _routes.Hosts, _own.Certificates).Where(names => CertificatePlan.IsDue(names, _issued.Certificates, _times.Clock.GetUtcNow())))
        {
            var (requestPem, keyPem) = SigningRequest.Make(names);
            var result = await _issuer.IssueAsync(requestPem, stopping);
            if (result.CertificatePem is { } certificatePem)
            {
                Keep(names, certificatePem, keyPem, failures);
            }
            else
            {
                failures.Add($"the ingress has no certificate for {names[0]} yet: {result.Problem}");
            }
        }

        return failures.ToImmutable();
    }

    private void Keep(ImmutableArray<string> names, string certificatePem, string keyPem, ImmutableArray<string>.Builder failures)
    {
        try
        {
            Directory.CreateDirectory(_folders.Issued, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            var path = Path.Combine(_folders.Issued, names[0].Replace("*", "_wildcard", StringComparison.Ordinal));
            SecretFile.Write($"{path}.key", keyPem);
            SecretFile.Write($"{path}.crt", certificatePem);
            _log.LogInformation("The cluster's CA issued a certificate for {Names}", string.Join(", ", names));
        }
        catch (Exception failure) when (failure is OperatorException or IOException or UnauthorizedAccessException)
        {
            failures.Add($"the certificate for {names[0]} cannot be kept: {failure.Message}");
        }
    }

    private void Look(ImmutableArray<string> failures)
    {
        var changed = _own.Look() | _issued.Look();
        if (changed)
        {
            _table = CertificateTable.Of(_own.Certificates.Concat(_issued.Certificates), _own.Certificates.Concat(_issued.Certificates).FirstOrDefault() ?? _stopgap);
            _log.LogInformation("Certificates of the ingress: {Own} from {Folder}, {Issued} from the cluster's CA", _own.Certificates.Length, _folders.Own, _issued.Certificates.Length);
        }

        ImmutableArray<string> problems = [.. _own.Problems, .. _issued.Problems, .. failures];
        foreach (var problem in problems.Except(Problems, StringComparer.Ordinal))
        {
            _log.LogWarning("{Problem}", problem);
        }

        Problems = problems;
    }

    private void Ring()
    {
        try
        {
            _bell.Release();
        }
        catch (SemaphoreFullException)
        {
            // It rings already.
        }
    }
}

/// <summary>Where certificates lie.</summary>
/// <param name="Own">Those of the operator.</param>
/// <param name="Issued">Those of the cluster's CA.</param>
internal sealed record CertificateFolders(string Own, string Issued);

/// <summary>The rhythms of a <see cref="CertificateKeeper"/>; the defaults are meant for production.</summary>
/// <param name="Clock">The clock.</param>
internal sealed record CertificateKeeperTimes(TimeProvider Clock)
{
    /// <summary>How often the folders are looked at without an occasion.</summary>
    public TimeSpan LookEvery { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How soon a certificate that was not issued is asked for again.</summary>
    public TimeSpan RetryEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long changes are collected: certificate and key are two files.</summary>
    public TimeSpan SettleFor { get; init; } = TimeSpan.FromMilliseconds(300);
}
