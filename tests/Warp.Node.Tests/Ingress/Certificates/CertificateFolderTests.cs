using Shouldly;
using Warp.Node.Ingress.Certificates;
using Xunit;

namespace Warp.Node.Tests.Ingress.Certificates;

public sealed class CertificateFolderTests : IDisposable
{
    private readonly TemporaryFolder _temporary = new();
    private readonly CertificateFolder _folder;

    public CertificateFolderTests() => _folder = new CertificateFolder(Own, TimeProvider.System);

    private string Own => _temporary["own"];

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void A_folder_that_is_not_there_is_empty()
    {
        _folder.Look().ShouldBeFalse();
        _folder.Certificates.ShouldBeEmpty();
        _folder.Problems.ShouldBeEmpty();
    }

    [Fact]
    public void A_pair_is_read_once_and_gone_when_its_file_is()
    {
        Pem.Write(Own, "site", Pem.Make("*.apps.test"));

        _folder.Look().ShouldBeTrue();
        var certificate = _folder.Certificates.ShouldHaveSingleItem();
        certificate.Covers("app-shop.apps.test").ShouldBeTrue();
        certificate.Covers("apps.test").ShouldBeFalse();
        certificate.Covers("a.b.apps.test").ShouldBeFalse();
        _folder.Look().ShouldBeFalse();
        _folder.Certificates.ShouldHaveSingleItem().ShouldBeSameAs(certificate);

        File.Delete(Path.Combine(Own, "site.crt"));
        _folder.Look().ShouldBeTrue();
        _folder.Certificates.ShouldBeEmpty();
    }

    [Fact]
    public void The_extension_pem_is_taken_too_and_other_files_are_left_alone()
    {
        var pair = Pem.Make("www.shop.test");
        Directory.CreateDirectory(Own);
        File.WriteAllText(Path.Combine(Own, "site.pem"), pair.Certificate);
        File.WriteAllText(Path.Combine(Own, "README.txt"), "nothing");
        Pem.WriteKey(Own, "site", pair.Key);

        _folder.Look();

        _folder.Certificates.ShouldHaveSingleItem().Names.ShouldBe(["www.shop.test"]);
        _folder.Problems.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("no certificate at all", null, "no certificate")]
    [InlineData(null, "no key at all", "key")]
    public void A_wrong_pair_is_named_and_the_last_good_one_stays(string? certificate, string? key, string reason)
    {
        var good = Pem.Make("www.shop.test");
        Pem.Write(Own, "site", good);
        _folder.Look();

        Pem.Write(Own, "site", (certificate ?? good.Certificate, key ?? good.Key));

        _folder.Look().ShouldBeFalse();
        _folder.Certificates.ShouldHaveSingleItem().Names.ShouldBe(["www.shop.test"]);
        var problem = _folder.Problems.ShouldHaveSingleItem();
        problem.ShouldContain("site.crt");
        problem.ShouldContain(reason);
        problem.ShouldContain("the one before stays");
    }

    [Fact]
    public void A_key_of_another_certificate_a_missing_key_and_one_open_to_others_are_each_named()
    {
        var (one, other) = (Pem.Make("one.test"), Pem.Make("other.test"));
        Pem.Write(Own, "mixed", (one.Certificate, other.Key));
        Pem.Write(Own, "open", one);
        File.SetUnixFileMode(Path.Combine(Own, "open.key"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Pem.Write(Own, "alone", one);
        File.Delete(Path.Combine(Own, "alone.key"));

        _folder.Look();

        _folder.Certificates.ShouldBeEmpty();
        _folder.Problems.Length.ShouldBe(3);
        _folder.Problems.ShouldContain(problem => problem.Contains("mixed.crt", StringComparison.Ordinal));
        _folder.Problems.ShouldContain(problem => problem.Contains("chmod 600", StringComparison.Ordinal));
        _folder.Problems.ShouldContain(problem => problem.Contains("alone.key", StringComparison.Ordinal));
    }

    [Fact]
    public void A_certificate_that_has_ended_is_a_problem()
    {
        Pem.Write(Own, "site", Pem.Make("www.shop.test", TimeSpan.FromDays(-1)));

        _folder.Look();

        _folder.Problems.ShouldHaveSingleItem().ShouldContain("ended on");
    }
}
