using CsCheck;
using Shouldly;
using Warp.Cluster.Identity;
using Xunit;

namespace Warp.Cluster.Tests.Identity;

public sealed class ServiceNamingTests
{
    private static readonly Gen<ServiceName> Names = Gen.OneOf(
            Gen.String["abAB01-_.$ =!é"],
            Gen.OneOf(new[] { "db", "DB", "my_db", "my-db", "my db", "é", "xn--9ca", "xn__9ca", "数据库", "🚀", "a..é", "שלום1" }.Select(n => Gen.Const(n)).ToArray()),
            Gen.String)
        .Where(text => ServiceName.TryParse(text, out _, out _))
        .Select(ServiceName.Parse);

    [Theory]
    [InlineData("db", "db")]
    [InlineData("My DB", "my-db")]
    [InlineData("my_db", "my-db")]
    [InlineData("base de données", "xn--base-de-donnes-mkb")]
    [InlineData("DÉBIT", "xn--dbit-bpa")]
    [InlineData("🚀", "xn--158h")]
    [InlineData("café.v1", "xn--caf-dma-v1")]
    [InlineData("db!?", "db")]
    public void A_name_has_the_documented_encoded_form(string name, string encoded)
    {
        ServiceNaming.TryEncode(ServiceName.Parse(name), out var actual, out var problem).ShouldBeTrue(problem);
        actual.ShouldBe(encoded);
    }

    [Theory]
    [InlineData("!!!", "no letter or digit")]
    [InlineData("ab34567890123456789012345678901234567890123456789012345678901234", "64 bytes")]
    [InlineData("éééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééééé", "cannot become a host name")]
    public void A_name_without_an_encoded_form_is_refused_with_the_reason(string name, string reason)
    {
        ServiceNaming.TryEncode(ServiceName.Parse(name), out _, out var problem).ShouldBeFalse();
        problem.ShouldNotBeNull().ShouldContain(reason);
        Should.Throw<ArgumentException>(() => ServiceNaming.VariableNames(ServiceName.Parse(name)));
    }

    [Theory]
    [InlineData("db", "WARP_IST_db")]
    [InlineData("my_db", "WARP_IST_my_db")]
    [InlineData("my-db", "WARP_IST_my-db|WARP_IST_my_db")]
    [InlineData("my db", "WARP_IST_my-db|WARP_IST_my_db")]
    [InlineData("a=b", "WARP_IST_a-b|WARP_IST_a_b")]
    [InlineData("1st", "WARP_IST_1st")]
    [InlineData("é", "WARP_IST_xn--9ca|WARP_IST_xn__9ca")]
    public void A_service_has_its_documented_variables(string name, string expected) =>
        string.Join('|', ServiceNaming.VariableNames(ServiceName.Parse(name))).ShouldBe(expected);

    [Theory]
    [InlineData("db", "db.warp")]
    [InlineData("DB", "DB.warp|db.warp")]
    [InlineData("my_db", "my_db.warp|my-db.warp")]
    [InlineData("My_Db", "My_Db.warp|my_db.warp|my-db.warp")]
    [InlineData("my db", "my-db.warp")]
    [InlineData("api.v1", "api-v1.warp")]
    public void A_service_has_its_documented_host_names(string name, string expected) =>
        string.Join('|', ServiceNaming.HostNames(ServiceName.Parse(name))).ShouldBe(expected);

    [Fact]
    public void Every_name_is_encoded_or_refused_and_never_throws() =>
        Names.Sample(name =>
        {
            if (!ServiceNaming.TryEncode(name, out var encoded, out var problem))
            {
                problem.ShouldNotBeNullOrEmpty();
                return;
            }

            encoded.Length.ShouldBeInRange(1, ServiceNaming.MaxEncodedBytes);
            encoded.ShouldAllBe(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
            ServiceNaming.VariableNames(name).ShouldAllBe(v => !v.Contains('=') && !v.Contains('\0'));
            ServiceNaming.VariableNames(name)[^1].ShouldAllBe(c => char.IsAsciiLetterOrDigit(c) || c == '_');
        });

    [Fact]
    public void Services_with_different_encoded_forms_share_no_variable_and_no_host_name() =>
        Gen.Select(Names, Names).Sample((left, right) =>
        {
            if (ServiceNaming.TryEncode(left, out var a, out _) && ServiceNaming.TryEncode(right, out var b, out _) && !string.Equals(a, b, StringComparison.Ordinal))
            {
                ServiceNaming.VariableNames(left).Intersect(ServiceNaming.VariableNames(right), StringComparer.OrdinalIgnoreCase).ShouldBeEmpty();
                ServiceNaming.HostNames(left).Intersect(ServiceNaming.HostNames(right), StringComparer.OrdinalIgnoreCase).ShouldBeEmpty();
            }
        });
}
