using System.Net;
using Shouldly;
using Warp.Node.Diagnosis.Paths;
using Warp.Node.Names;
using Xunit;

namespace Warp.Node.Tests.Diagnosis.Paths;

/// <summary>The question for a name's addresses, and what is read from answers.</summary>
public sealed class AddressQueryTests
{
    [Fact]
    public void The_question_is_one_that_the_resolver_reads()
    {
        DnsQuestion.TryRead(AddressQuery.Of("db.warp"), out var question).ShouldBeTrue();

        (question.Name, question.Type, question.Class).ShouldBe(("db.warp", (ushort)1, (ushort)1));
    }

    [Fact]
    public void An_address_behind_a_pointer_and_an_alias_is_found()
    {
        byte[] answer =
        [
            .. AddressQuery.Of("db.warp"),
            0xC0, 12, 0, 5, 0, 1, 0, 0, 0, 1, 0, 2, 0xC0, 12,
            0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, 10, 201, 0, 2,
        ];
        answer[7] = 2;

        AddressQuery.Addresses(answer).ShouldBe([IPAddress.Parse("10.201.0.2")]);
    }

    [Fact]
    public void A_truncated_answer_has_no_addresses()
    {
        byte[] whole = [.. AddressQuery.Of("db.warp"), 0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, 10, 201, 0, 2];
        whole[7] = 1;
        for (var length = 0; length < whole.Length; length++)
        {
            AddressQuery.Addresses(whole.AsSpan(0, length)).ShouldBeEmpty();
        }
    }
}
