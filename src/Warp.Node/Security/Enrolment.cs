using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using Warp.Cluster.Identity;

namespace Warp.Node.Security;

/// <summary>
/// The number under which the CA took a runner in, in each of its certificates: the subject's serialNumber (X.520, 2.5.4.5). It rises when a name is added again, so that a removal ends
/// the certificates of the earlier holder, however often they were renewed, and not those of the next.
/// </summary>
internal static class Enrolment
{
    private const string SerialNumber = "2.5.4.5";

    /// <summary>The subject of a runner's certificate.</summary>
    public static X500DistinguishedName Subject(RunnerId runner, long enrolment)
    {
        var builder = new X500DistinguishedNameBuilder();
        builder.Add(SerialNumber, enrolment.ToString(CultureInfo.InvariantCulture), System.Formats.Asn1.UniversalTagNumber.PrintableString);
        builder.AddCommonName(runner.Value);
        return builder.Build();
    }

    /// <summary>The number in a certificate; 0 in one of an earlier version, so that every removal of its name ends it.</summary>
    public static long Of(X509Certificate2 certificate) => certificate.SubjectName.EnumerateRelativeDistinguishedNames()
        .Where(part => !part.HasMultipleElements && string.Equals(part.GetSingleElementType().Value, SerialNumber, StringComparison.Ordinal))
        .Select(part => long.TryParse(part.GetSingleElementValue(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0)
        .FirstOrDefault();
}
