using ARSoft.Tools.Net.Dns;
using Shouldly;
using Warp.Node.Names;
using Xunit;

namespace Warp.Node.Tests.Names;

/// <summary>What is not ours is asked of the host's name servers, and passes as it is.</summary>
public sealed class ForwardingTests
{
    private const string Name = "example.org";

    [Fact]
    public async Task A_query_arrives_unchanged_but_for_its_number_and_so_does_the_answer()
    {
        using var upstream = Upstream.With(7);
        await using var bed = new NameBed(upstream);
        using var client = bed.Connect();
        var query = Query.Of(Name, additional: Query.Edns(1232));

        var answer = await client.AskAsync(query);

        upstream.Queries.ShouldHaveSingleItem()[2..].ShouldBe(query[2..]);
        answer.ShouldBe(Upstream.Answer(query, 0, 7), "also the option that nobody has invented yet");
    }

    [Fact]
    public async Task A_server_that_is_silent_is_passed_over_and_then_asked_last()
    {
        using var silent = Upstream.Silent();
        using var good = Upstream.With(7);
        await using var bed = new NameBed(options => options with { ServerPatience = TimeSpan.FromMilliseconds(300) }, silent, good);

        (await bed.AskAsync(Name)).AnswerRecords.ShouldHaveSingleItem();
        (await bed.AskAsync(Name)).AnswerRecords.ShouldHaveSingleItem();

        silent.Queries.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData((byte)DnsOutcome.ServerFailure)]
    [InlineData((byte)DnsOutcome.Refused)]
    public async Task A_server_that_will_not_say_is_passed_over(byte outcome)
    {
        using var unwilling = Upstream.Saying((DnsOutcome)outcome);
        using var good = Upstream.With(7);
        await using var bed = new NameBed(unwilling, good);

        (await bed.AskAsync(Name)).AnswerRecords.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task That_there_is_no_such_name_is_an_answer()
    {
        using var first = Upstream.Saying(DnsOutcome.NoSuchName);
        using var second = Upstream.With(7);
        await using var bed = new NameBed(first, second);

        (await bed.AskAsync(Name)).ReturnCode.ShouldBe(ReturnCode.NxDomain);
        second.Queries.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_port_that_nobody_has_open_is_a_failure_at_once()
    {
        await using var bed = new NameBed();

        (await bed.AskAsync(Name)).ReturnCode.ShouldBe(ReturnCode.ServerFailure);
        bed.Server.Counters[NameEvent.Unanswered].ShouldBe(1);
    }

    [Fact]
    public async Task An_answer_with_another_number_or_question_is_not_believed()
    {
        using var upstream = Upstream.Of((query, _) =>
        {
            var (otherNumber, otherQuestion) = (Upstream.Answer(query, 0, 66), Upstream.Answer(Query.Of("example.com", number: (ushort)((query[0] << 8) | query[1])), 0, 66));
            otherNumber[0] ^= 1;
            return [otherNumber, otherQuestion, query, [1, 2, 3], Upstream.Answer(query, 0, 7)];
        });
        await using var bed = new NameBed(upstream);

        (await bed.AskAsync(Name)).AnswerRecords.ShouldHaveSingleItem().ToString().ShouldEndWith("192.0.2.7");
    }

    [Fact]
    public async Task An_answer_that_is_too_long_for_a_datagram_is_had_by_tcp()
    {
        byte[] many = [.. Enumerable.Range(1, 200).Select(octet => (byte)octet)];
        using var upstream = Upstream.Of((query, tcp) =>
        {
            var answer = Upstream.Answer(query, 0, tcp ? many : []);
            answer[2] |= (byte)(tcp ? 0 : 0x02);
            return [answer];
        });
        await using var bed = new NameBed(upstream);

        (await bed.AskAsync(Name)).IsTruncated.ShouldBeTrue();
        await using var stream = await bed.ConnectByTcpAsync();
        await DnsStream.WriteAsync(stream, Query.Of(Name), CancellationToken.None);
        DnsMessage.Parse((await DnsStream.ReadAsync(stream, CancellationToken.None))!).AnswerRecords.Count.ShouldBe(200);
    }

    [Fact]
    public async Task Other_name_servers_of_the_host_are_asked_when_its_file_changes()
    {
        using var before = Upstream.With(7);
        using var after = Upstream.With(8);
        await using var bed = new NameBed(before);
        (await bed.AskAsync(Name)).AnswerRecords.ShouldHaveSingleItem().ToString().ShouldEndWith("192.0.2.7");

        bed.Resolve(after);

        await Eventually.Is(async () => (await bed.AskAsync(Name)).AnswerRecords[0].ToString().EndsWith("192.0.2.8", StringComparison.Ordinal), "the new server is asked");
    }
}
