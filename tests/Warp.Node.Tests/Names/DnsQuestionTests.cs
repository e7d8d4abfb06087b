using ARSoft.Tools.Net.Dns;
using CsCheck;
using Shouldly;
using Warp.Node.Names;
using Xunit;
using DnsQuestion = Warp.Node.Names.DnsQuestion;

namespace Warp.Node.Tests.Names;

/// <summary>Whatever a container sends is a question or is none, and never anything worse.</summary>
public sealed class DnsQuestionTests
{
    private static readonly string s_corpus = Path.Combine(AppContext.BaseDirectory, "Names/Corpus");

    private static readonly RecordType[] s_types = [RecordType.A, RecordType.Aaaa, RecordType.Ptr, RecordType.Any];

    /// <summary>Messages by what they are: <c>question-*</c> can be read, <c>none-*</c> cannot.</summary>
    public static TheoryData<string> Corpus => new(Directory.GetFiles(s_corpus, "*.hex").Select(Path.GetFileNameWithoutExtension)!);

    [Theory]
    [MemberData(nameof(Corpus))]
    public void What_is_in_the_corpus_is_read_as_its_name_says(string name) =>
        DnsQuestion.TryRead(Read(name), out _).ShouldBe(name.StartsWith("question", StringComparison.Ordinal));

    [Fact]
    public void A_question_is_read_as_another_library_reads_it()
    {
        var label = Gen.Char["abcXYZ019-_"].Array[1, 20].Select(characters => new string(characters));
        Gen.Select(label.Array[1, 6], Gen.Int[0, s_types.Length - 1].Select(i => s_types[i]), Gen.Bool).Sample(
            (labels, type, extended) =>
            {
                var query = Query.Of(string.Join('.', labels), type, additional: extended ? Query.Edns(1232) : []);
                var theirs = DnsMessage.Parse(query);

                DnsQuestion.TryRead(query, out var ours).ShouldBeTrue();

                ours.Name.ShouldBe(theirs.Questions[0].Name.ToString().TrimEnd('.').ToLowerInvariant());
                ours.Type.ShouldBe((ushort)theirs.Questions[0].RecordType);
                ours.HasEdns.ShouldBe(theirs.IsEDnsEnabled);
            },
            seed: "0000KhTrAP42",
            iter: 20_000);
    }

    [Fact]
    public void No_message_however_broken_harms_the_reader_or_the_answers()
    {
        byte[][] corpus = [.. Directory.GetFiles(s_corpus, "*.hex").Select(Path.GetFileNameWithoutExtension).Select(name => Read(name!))];
        var questions = 0;
        Gen.Select(Gen.Int[0, corpus.Length - 1].Select(i => corpus[i]), Gen.Select(Gen.Int[0, 300], Gen.Byte, (at, value) => (At: at, Value: value)).Array[0, 8], Gen.Int[0, 300]).Sample(
            (seed, changes, length) =>
            {
                var message = seed.ToArray();
                foreach (var (at, value) in changes.Where(change => change.At < message.Length))
                {
                    message[at] = value;
                }

                message = message[..Math.Min(message.Length, length)];
                if (DnsQuestion.TryRead(message, out var question))
                {
                    questions++;
                    question.End.ShouldBeLessThanOrEqualTo(message.Length);
                    DnsMessage.Parse(DnsAnswer.None(message, question, DnsOutcome.NoSuchName, question.LastLabel)).Questions.Count.ShouldBe(1);
                    DnsMessage.Parse(DnsAnswer.None(message, question, DnsOutcome.Done, question.Parent)).AuthorityRecords.Count.ShouldBe(1);
                }
            },
            seed: "0000KhTrAP42",
            iter: 100_000,
            threads: 1);
        questions.ShouldBeGreaterThan(1_000, "the messages are near enough to questions");
    }

    private static byte[] Read(string name) => Convert.FromHexString(File.ReadAllText(Path.Combine(s_corpus, $"{name}.hex")).Trim());
}
