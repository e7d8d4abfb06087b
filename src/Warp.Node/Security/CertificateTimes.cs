using System.Security.Cryptography.X509Certificates;

namespace Warp.Node.Security;

/// <summary>When certificates begin, are renewed and are believed, on hosts whose clocks differ.</summary>
internal static class CertificateTimes
{
    // At the very second of its end a certificate has ended.
    private static readonly TimeSpan LastMoment = TimeSpan.FromSeconds(1);

    /// <summary>What the CA subtracts from its clock: a new certificate is not from the future on a host that is behind.</summary>
    public static readonly TimeSpan BackDating = TimeSpan.FromMinutes(15);

    /// <summary>How far outside a certificate's time a clock may be; what is beyond is refused.</summary>
    public static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(15);

    /// <summary>For how long the CA made it.</summary>
    public static TimeSpan LifeOf(X509Certificate2 certificate) => certificate.NotAfter - certificate.NotBefore - BackDating;

    /// <summary>When it ends.</summary>
    public static DateTimeOffset EndOf(X509Certificate2 certificate) => new(certificate.NotAfter);

    /// <summary>When it is renewed: at two thirds of its life, so that a third is left to notice that it does not work.</summary>
    public static DateTimeOffset RenewalOf(X509Certificate2 certificate) => EndOf(certificate) - (LifeOf(certificate) / 3);

    /// <summary>
    /// The moment at which a certificate is judged: now, or when now is a little before its begin or after its end, that edge. The check itself stays as strict as ever.
    /// </summary>
    public static DateTime Judge(X509Certificate2 certificate, DateTimeOffset now, TimeSpan tolerance)
    {
        var (from, to) = (new DateTimeOffset(certificate.NotBefore), EndOf(certificate));
        var judged = now < from && from - now <= tolerance ? from : now > to && now - to <= tolerance ? to - LastMoment : now;
        return judged.LocalDateTime;
    }
}
