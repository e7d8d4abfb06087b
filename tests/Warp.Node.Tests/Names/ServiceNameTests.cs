using System.Net;
using ARSoft.Tools.Net.Dns;
using Shouldly;
using Warp.Node.Names;
using Xunit;

namespace Warp.Node.Tests.Names;

/// <summary>What the name server says by itself.</summary>
public sealed class ServiceNameTests
{
    [Theory]
    [InlineData("app.warp", "10.201.0.1")]
    [InlineData("APP.Warp", "10.201.0.1")]
    [InlineData("Late_DB.warp", "10.201.0.2")]
    [InlineData("late_db.warp", "10.201.0.2")]
    [InlineData("late-db.warp", "10.201.0.2")]
    [InlineData("LATE-DB.WARP", "10.201.0.2")]
    public async Task Every_spelling_of_a_service_has_its_address(string name, string address)
    {
        await using var bed = Start();
        var answer = await bed.AskAsync(name);

        answer.ReturnCode.ShouldBe(ReturnCode.NoError);
        answer.TransactionID.ShouldBe((ushort)0x1234);
        answer.Questions.ShouldHaveSingleItem().Name.ToString().ShouldBe($"{name}.", "a client that mixes letter case looks for its own");
        var record = answer.AnswerRecords.ShouldHaveSingleItem().ShouldBeOfType<ARecord>();
        record.Address.ShouldBe(IPAddress.Parse(address));
        record.TimeToLive.ShouldBeInRange(1, 5);
    }

    [Theory]
    [InlineData("app.warp", RecordType.Aaaa)]
    [InlineData("app.warp", RecordType.Txt)]
    [InlineData("warp", RecordType.A)]
    [InlineData("1.0.201.10.in-addr.arpa", RecordType.A)]
    public async Task A_known_name_without_such_a_record_is_answered_at_once_with_none(string name, RecordType type)
    {
        await using var bed = Start();
        var answer = await bed.AskAsync(name, type);

        answer.ReturnCode.ShouldBe(ReturnCode.NoError);
        answer.AnswerRecords.ShouldBeEmpty();
        answer.AuthorityRecords.ShouldHaveSingleItem().ShouldBeOfType<SoaRecord>().NegativeCachingTTL.ShouldBeInRange(1, 5);
    }

    [Theory]
    [InlineData("nobody.warp", RecordType.A, "warp.")]
    [InlineData("www.app.warp", RecordType.A, "warp.")]
    [InlineData("blog.warp", RecordType.A, "warp.")]
    [InlineData("blog.warp", RecordType.Aaaa, "warp.")]
    [InlineData("9.0.201.10.in-addr.arpa", RecordType.Ptr, "0.201.10.in-addr.arpa.")]
    public async Task A_name_that_the_deployment_does_not_have_does_not_exist(string name, RecordType type, string zone)
    {
        await using var bed = Start();
        var answer = await bed.AskAsync(name, type);

        answer.ReturnCode.ShouldBe(ReturnCode.NxDomain);
        var authority = answer.AuthorityRecords.ShouldHaveSingleItem().ShouldBeOfType<SoaRecord>();
        authority.Name.ToString().ShouldBe(zone);
        authority.TimeToLive.ShouldBeInRange(1, 5);
    }

    [Fact]
    public async Task An_answer_is_the_deployments_whose_gateway_was_asked()
    {
        await using var bed = Start();
        (await bed.AskAsync("blog.warp", gateway: NameBed.Blog)).AnswerRecords.ShouldHaveSingleItem();
        (await bed.AskAsync("app.warp", gateway: NameBed.Blog)).ReturnCode.ShouldBe(ReturnCode.NxDomain);
        (await bed.AskAsync("1.0.201.10.in-addr.arpa", RecordType.Ptr, NameBed.Blog)).AnswerRecords.ShouldHaveSingleItem().ToString().ShouldEndWith("blog.warp.");
    }

    [Fact]
    public async Task An_address_has_the_name_that_it_has_in_the_hosts_file()
    {
        await using var bed = Start();
        var answer = await bed.AskAsync("2.0.201.10.in-addr.arpa", RecordType.Ptr);

        answer.AnswerRecords.ShouldHaveSingleItem().ShouldBeOfType<PtrRecord>().PointerDomainName.ToString().ShouldBe("Late_DB.warp.");
    }

    [Fact]
    public async Task What_came_and_went_is_known_from_the_next_routes_on()
    {
        await using var bed = Start();
        bed.Publish((NameBed.Shop, ["renamed"]));

        (await bed.AskAsync("renamed.warp")).AnswerRecords.ShouldHaveSingleItem();
        (await bed.AskAsync("app.warp")).ReturnCode.ShouldBe(ReturnCode.NxDomain);
    }

    [Fact]
    public async Task A_question_that_comes_before_the_routes_waits_for_them()
    {
        await using var young = new NameBed();
        var answer = young.AskAsync("app.warp");
        answer.IsCompleted.ShouldBeFalse();

        young.Publish((NameBed.Shop, ["app"]));

        (await answer).AnswerRecords.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_client_that_knows_extensions_is_answered_with_them()
    {
        await using var bed = Start();
        using var client = bed.Connect();

        var answer = DnsMessage.Parse(await client.AskAsync(Query.Of("app.warp", additional: Query.Edns(4096))));

        answer.IsEDnsEnabled.ShouldBeTrue();
        answer.AnswerRecords.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task One_connection_takes_several_questions()
    {
        await using var bed = Start();
        await using var stream = await bed.ConnectByTcpAsync();

        foreach (var name in new[] { "app.warp", "nobody.warp", "late-db.warp" })
        {
            await DnsStream.WriteAsync(stream, Query.Of(name), CancellationToken.None);
            DnsMessage.Parse((await DnsStream.ReadAsync(stream, CancellationToken.None))!).Questions[0].Name.ToString().ShouldBe($"{name}.");
        }
    }

    private static NameBed Start()
    {
        var bed = new NameBed();
        bed.Publish((NameBed.Shop, ["app", "Late_DB"]), (NameBed.Blog, ["blog"]));
        return bed;
    }
}
