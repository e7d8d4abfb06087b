using System.Globalization;
using Shouldly;
using Warp.Node.Configuration;
using Warp.Node.Http.Auditing;
using Warp.Node.Http.Documents;
using Warp.Node.Tests.Relay;
using Warp.Node.Tests.Security;
using Xunit;

namespace Warp.Node.Tests.Http.Auditing;

/// <summary>What is kept, for how long, and what happens when it cannot be.</summary>
public sealed class AuditLogTests : IDisposable
{
    private const int LinesOfAFile = 10;
    private readonly TemporaryFolder _folder = new();
    private readonly TestClock _clock = new(new DateTimeOffset(2030, 1, 31, 12, 0, 0, TimeSpan.Zero));
    private readonly TestLog _log = new();
    private readonly AuditFile _file;
    private readonly AuditLog _audit;

    public AuditLogTests()
    {
        _file = new AuditFile(_folder["audit.log"], new AuditSettings(LinesOfAFile * 180, 3));
        _audit = new AuditLog(_file, _clock, _log);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_newest_are_kept_over_several_files_that_only_the_owner_reads()
    {
        for (var number = 0; number < 10 * LinesOfAFile; number++)
        {
            _audit.KeepChange(Entry($"/{number:000}"));
        }

        var kept = Paths();
        kept[^1].ShouldBe("/099");
        kept.ShouldBe(Enumerable.Range(100 - kept.Length, kept.Length).Select(number => $"/{number:000}"));
        kept.Length.ShouldBeInRange(2 * LinesOfAFile, 4 * LinesOfAFile);
        Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal).ShouldBe(["audit.log", "audit.log.1", "audit.log.2"]);
        Directory.GetFiles(_folder.Path).ShouldAllBe(file => File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Fact]
    public void What_is_asked_for_is_found_across_files()
    {
        for (var number = 0; number < 2 * LinesOfAFile; number++)
        {
            _audit.KeepChange(Entry($"/{number:000}"));
            _clock.Forward(TimeSpan.FromMinutes(1));
        }

        Paths(since: _clock.GetUtcNow() - TimeSpan.FromMinutes(15)).ShouldBe(Enumerable.Range(5, 15).Select(number => $"/{number:000}"));
        Paths(most: 13).ShouldBe(Enumerable.Range(7, 13).Select(number => $"/{number:000}"));
        Paths(since: _clock.GetUtcNow()).ShouldBeEmpty();
    }

    [Fact]
    public void A_line_that_is_no_entry_does_not_hide_the_others()
    {
        _audit.KeepChange(Entry("/one"));
        File.AppendAllText(_file.Path, "{\"at\":\"2030-\nnonsense\n\n");
        _audit.KeepChange(Entry("/two"));

        Paths().ShouldBe(["/one", "/two"]);
    }

    [Fact]
    public void On_a_full_disk_an_entry_is_in_the_log_of_the_node_and_the_next_says_that_one_is_missing()
    {
        File.CreateSymbolicLink(_file.Path, "/dev/full");
        _audit.KeepChange(Entry("/lost"));
        _audit.KeepChange(Entry("/lost/too"));
        File.Delete(_file.Path);
        _audit.KeepChange(Entry("/kept"));
        _audit.KeepChange(Entry("/kept/too"));

        _log.Lines.Count(line => line.Contains("No space left on device", StringComparison.Ordinal) && line.Contains("\"path\":\"/lost", StringComparison.Ordinal)).ShouldBe(2);
        _file.Read(since: null, most: 10).Select(entry => (entry.Path, entry.Lost)).ShouldBe([("/kept", 2), ("/kept/too", null)]);
    }

    [Fact]
    public void Refused_attempts_that_are_alike_are_kept_once_a_minute_with_their_number()
    {
        for (var number = 0; number < 100; number++)
        {
            _audit.KeepRefusal(Entry("/same"));
        }

        _audit.KeepRefusal(Entry("/same") with { From = "10.0.0.9" });
        _audit.KeepRefusal(Entry("/same") with { What = "removeRunner" });
        _clock.Forward(TimeSpan.FromMinutes(1));
        _audit.KeepRefusal(Entry("/same"));
        _clock.Forward(TimeSpan.FromMinutes(1));
        _audit.KeepRefusal(Entry("/same"));

        _file.Read(since: null, most: 10).Select(entry => (entry.From, entry.What, entry.Unwritten)).ShouldBe(
            [("10.0.0.1", "putDeployment", null), ("10.0.0.9", "putDeployment", null), ("10.0.0.1", "removeRunner", null), ("10.0.0.1", "putDeployment", 99), ("10.0.0.1", "putDeployment", null)]);
    }

    [Fact]
    public void Refused_attempts_of_very_many_kinds_take_no_more_memory_and_are_still_kept()
    {
        for (var number = 0; number < 3000; number++)
        {
            _audit.KeepRefusal(Entry("/same") with { From = number.ToString(CultureInfo.InvariantCulture) });
        }

        _file.Read(since: null, most: 1).ShouldHaveSingleItem().From.ShouldBe("2999");
    }

    private string[] Paths(DateTimeOffset? since = null, int most = 1000) => [.. _file.Read(since, most).Select(entry => entry.Path)];

    private static AuditEntryDocument Entry(string path) => new(default, "warp://lab/admin/ops", "10.0.0.1", "putDeployment", path, "shop", PassedOnBy: null, 200, Error: null);
}
