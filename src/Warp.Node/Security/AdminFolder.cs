using System.Globalization;
using Warp.Cluster.Identity;
using Warp.Node.Configuration;

namespace Warp.Node.Security;

/// <summary>What <c>warp admin create</c> was asked for.</summary>
/// <param name="Data">The data folder that holds the CA.</param>
/// <param name="Name">The administrator's name, in the form of a runner's.</param>
/// <param name="Role">What the certificate is to allow.</param>
/// <param name="Days">How long it is valid.</param>
/// <param name="OutputFolder">Where it goes; null: <c>NAME.warp-admin</c> in the current folder.</param>
public sealed record CreateAdminRequest(DataFolder Data, string Name, AdminRole Role, int Days, string? OutputFolder);

/// <summary>A folder with all that an administrator needs to speak to the cluster from elsewhere; its files are named as in a node's data folder, so that <c>--data</c> finds them.</summary>
public static class AdminFolder
{
    /// <summary>The longest life in days: nothing but the end of its life or another CA ends a certificate.</summary>
    public const int MaxDays = 365;

    /// <summary>Issues a certificate and writes the folder (mode 0700, files 0600).</summary>
    /// <returns>The folder's full path.</returns>
    /// <exception cref="OperatorException">The name or the time is wrong, there is no CA here, or the folder is there already or cannot be written.</exception>
    public static string Create(CreateAdminRequest request, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(time);
        using var authority = ClusterAuthority.Load(request.Data, time);
        if (!RunnerId.TryParse(request.Name, out var name, out _))
        {
            throw new OperatorException(ExitCode.Usage, $"'{request.Name}' is not an administrator's name: use 1 to 63 lower-case letters, digits and '-', beginning and ending with a letter or digit.");
        }

        if (request.Days is < 1 or > MaxDays)
        {
            throw new OperatorException(ExitCode.Usage, string.Create(CultureInfo.InvariantCulture, $"A certificate is valid for 1 to {MaxDays} days, not {request.Days}."));
        }

        var folder = new DataFolder(Path.GetFullPath(request.OutputFolder ?? $"{name}.warp-admin"));
        if (Path.Exists(folder.Root))
        {
            throw new OperatorException(ExitCode.Failed, $"{folder.Root} is there already; nothing was changed. Name another folder with --out, or remove that one.");
        }

        var issued = authority.IssueAdmin(NodeDescription.Load(request.Data).Cluster, name.Value, request.Role, TimeSpan.FromDays(request.Days));
        Make(folder.Root);
        SecretFile.Write(folder.AdminKey, issued.KeyPem);
        SecretFile.Write(folder.AdminCertificate, issued.CertificatePem);
        SecretFile.Write(folder.Authorities, SecretFile.Read(request.Data.Authorities));
        return folder.Root;
    }

    private static void Make(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new OperatorException(ExitCode.System, $"{folder} cannot be made: {failure.Message}", failure);
        }
    }
}
