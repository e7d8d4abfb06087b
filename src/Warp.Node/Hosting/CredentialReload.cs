using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using Warp.Node.Configuration;
using Warp.Node.Security;

namespace Warp.Node.Hosting;

/// <summary>SIGHUP reads the certificate files again: new tunnels and requests use the new ones at once, Akka remoting from its next start.</summary>
internal sealed class CredentialReload(FileCredentialSource credentials, ILogger log) : IDisposable
{
    private readonly PosixSignalRegistration _registration = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
    {
        context.Cancel = true;
        try
        {
            credentials.Reload();
            log.LogInformation("SIGHUP: certificates read again; valid until {End:u}", credentials.Current.Certificate.NotAfter.ToUniversalTime());
        }
        catch (OperatorException failure)
        {
            log.LogError("SIGHUP: the old certificates stay in force: {Problem}", failure.Message);
        }
    });

    /// <inheritdoc/>
    public void Dispose() => _registration.Dispose();
}
