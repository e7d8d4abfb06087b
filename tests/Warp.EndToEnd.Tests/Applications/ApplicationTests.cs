using System.Text.Json;
using Shouldly;
using Warp.EndToEnd.Tests.Fixture;
using Warp.Lab;
using Xunit;
using Xunit.Abstractions;

namespace Warp.EndToEnd.Tests.Applications;

/// <summary>Well-known programs of Debian, with nothing configured for Warp, do through <c>WARP_IST_…</c> what they do on one host.</summary>
[Collection(LabGroup.Name)]
public sealed partial class ApplicationTests(ApplicationServers servers, ITestOutputHelper output) : IClassFixture<ApplicationServers>
{
    [Theory]
    [InlineData(Placement.OneRunner)]
    [InlineData(Placement.TwoRunners)]
    public async Task PostgreSQL_a_database_is_dumped_and_restored_unchanged(Placement placement)
    {
        var sums = await RunAsync(placement, $$"""
            export PGHOST=$WARP_IST_postgres PGUSER=postgres
            createdb from_{{placement}}
            psql -q from_{{placement}} -c 'CREATE TABLE items AS SELECT id, md5(id::text) AS name FROM generate_series(1, 200000) AS id'
            createdb into_{{placement}}
            pg_dump -Fc from_{{placement}} | pg_restore -d into_{{placement}}
            for database in from_{{placement}} into_{{placement}}; do
              psql -At $database -c "SELECT md5(string_agg(items::text, ',' ORDER BY id)) FROM items"
            done
            """);

        sums.Length.ShouldBe(2);
        sums[0].Length.ShouldBe(32);
        sums[1].ShouldBe(sums[0]);
    }

    [Theory]
    [InlineData(Placement.OneRunner)]
    [InlineData(Placement.TwoRunners)]
    public async Task C33_MariaDB_greets_before_the_client_has_said_anything(Placement placement)
    {
        var greeting = await RunAsync(placement, """
            exec 3<> /dev/tcp/$WARP_IST_mariadb/3306
            timeout 20 head -c 32 <&3 | tr -cd '[:print:]\n'
            """);
        string.Concat(greeting).ShouldContain("MariaDB");
    }

    [Theory]
    [InlineData(Placement.OneRunner)]
    [InlineData(Placement.TwoRunners)]
    public async Task MariaDB_what_is_written_is_read(Placement placement)
    {
        var lines = await RunAsync(placement, $$"""
            ask() { mariadb --host $WARP_IST_mariadb --user app --password=secret --skip-column-names --batch shop; }
            from=$(date +%s%3N)
            ask <<< 'SELECT 1'
            echo "first connect, question and answer: $(($(date +%s%3N) - from)) ms"
            ask <<< 'CREATE TABLE {{placement}} (id INT)'
            { echo 'START TRANSACTION;'; seq 5000 | sed 's/.*/INSERT INTO {{placement}} VALUES (&);/'; echo 'COMMIT;'; } | ask
            ask <<< 'SELECT id FROM {{placement}} ORDER BY id' | cmp - <(seq 5000)
            """);

        output.WriteLine(lines[1]);
    }

    [Theory]
    [InlineData(Placement.OneRunner)]
    [InlineData(Placement.TwoRunners)]
    public async Task Redis_a_hundred_thousand_commands_in_one_pipeline_are_all_answered(Placement placement)
    {
        var answer = await RunAsync(placement, $"seq 100000 | sed 's/.*/SET {placement}:& value-of-&/' | redis-cli -h $WARP_IST_redis --pipe");

        answer[^1].ShouldBe("errors: 0, replies: 100000");
        (await RunAsync(placement, $"redis-cli -h $WARP_IST_redis GET {placement}:77777")).ShouldBe(["value-of-77777"]);
    }

    [Theory]
    [InlineData(Placement.OneRunner)]
    [InlineData(Placement.TwoRunners)]
    public async Task Redis_a_subscriber_hears_what_is_published(Placement placement)
    {
        var heard = await RunAsync(placement, $$"""
            redis() { redis-cli -h $WARP_IST_redis "$@"; }
            exec 3< <(redis SUBSCRIBE {{placement}})
            until redis PUBSUB NUMSUB {{placement}} | grep -qx 1; do sleep 0.05; done
            redis PUBLISH {{placement}} 'extra, extra' > /dev/null
            timeout 20 head -n 6 <&3
            """);

        heard.ShouldBe(["subscribe", $"{placement}", "1", "message", $"{placement}", "extra, extra"]);
    }

    [Theory]
    [InlineData(Placement.OneRunner)]
    [InlineData(Placement.TwoRunners)]
    public async Task OpenSSH_files_come_back_unchanged_by_scp_and_rsync(Placement placement) => await RunAsync(placement, """
        scp -q /usr/sbin/mariadbd root@$WARP_IST_ssh:/tmp/there
        scp -q root@$WARP_IST_ssh:/tmp/there /tmp/back
        cmp /usr/sbin/mariadbd /tmp/back
        rsync -a -e ssh /usr/share/perl5/ root@$WARP_IST_ssh:/tmp/perl5/
        rsync -a -e ssh root@$WARP_IST_ssh:/tmp/perl5/ /tmp/perl5/
        diff -r /usr/share/perl5 /tmp/perl5
        ssh root@$WARP_IST_ssh rm -r /tmp/perl5 /tmp/there
        """);

    [Theory]
    [InlineData(Placement.OneRunner)]
    [InlineData(Placement.TwoRunners)]
    public async Task Nginx_answers_every_request_of_wrk_and_keeps_connections_alive(Placement placement)
    {
        var wrk = string.Join('\n', await RunAsync(placement, "wrk --threads 2 --connections 32 --duration 2s http://$WARP_IST_web/JSON.pm"));
        output.WriteLine(wrk);
        wrk.ShouldSatisfyAllConditions(
            () => wrk.ShouldContain("Requests/sec"), () => wrk.ShouldNotContain("Socket errors"), () => wrk.ShouldNotContain("Non-2xx"));

        var kept = await RunAsync(placement, "curl -s http://$WARP_IST_web/connection http://$WARP_IST_web/connection");
        kept.Length.ShouldBe(2);
        kept[0].ShouldEndWith(", request 1");
        kept[1].ShouldBe(kept[0].Replace(", request 1", ", request 2", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Placement.OneRunner)]
    [InlineData(Placement.TwoRunners)]
    public async Task C37_SMTP_the_server_speaks_first_and_the_mail_arrives(Placement placement)
    {
        var dialogue = await RunAsync(placement, $"""
            printf 'From: app@shop.test\nSubject: hello\n\nfrom {placement}\n' > /tmp/mail
            curl -sv smtp://$WARP_IST_mail --mail-from app@shop.test --mail-rcpt shop@shop.test --upload-file /tmp/mail 2>&1
            """);

        SaidByEither(dialogue).ShouldSatisfyAllConditions(said => said[0].ShouldStartWith("< 220 mail.shop.test"), said => said[1].ShouldStartWith("> EHLO"));
        var mailbox = await servers.ServerAsync("mail");
        await Poll.UntilAsync("the mail is in its box", TimeSpan.FromSeconds(20), async () =>
            (await mailbox.BashAsync("cat /var/mail/shop")).Output.Contains($"from {placement}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(Placement.OneRunner)]
    [InlineData(Placement.TwoRunners)]
    public async Task FTP_the_server_speaks_first_and_a_file_comes_over_a_port_that_it_chooses(Placement placement)
    {
        var dialogue = await RunAsync(placement, "curl -sv ftp://$WARP_IST_files/JSON.pm -o /tmp/JSON.pm 2>&1; cmp /usr/share/perl5/JSON.pm /tmp/JSON.pm");

        SaidByEither(dialogue).ShouldSatisfyAllConditions(said => said[0].ShouldStartWith("< 220"), said => said[1].ShouldStartWith("> USER"));
    }

    [Theory]
    [InlineData(Placement.OneRunner)]
    [InlineData(Placement.TwoRunners)]
    public async Task Iperf3_measures_from_server_to_client(Placement placement)
    {
        var report = JsonDocument.Parse(string.Concat(await RunAsync(placement, "iperf3 --client $WARP_IST_iperf --reverse --parallel 2 --time 2 --json")));

        var received = report.RootElement.GetProperty("end").GetProperty("sum_received").GetProperty("bits_per_second").GetDouble();
        output.WriteLine($"{received / 1e9:0.00} Gbit/s");
        received.ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData(Placement.OneRunner)]
    [InlineData(Placement.TwoRunners)]
    public async Task C28_a_closed_port_is_connection_refused_in_the_clients_own_words(Placement placement)
    {
        (await servers.Client(placement).BashAsync("psql -h $WARP_IST_postgres -p 5999 -U postgres -c 'SELECT 1'")).Error.ShouldContain("Connection refused");
        (await servers.Client(placement).BashAsync("redis-cli -h $WARP_IST_redis -p 5999 PING 2>&1")).Output.ShouldContain("Connection refused");
    }

    private async Task<string[]> RunAsync(Placement placement, string script) =>
        (await servers.Client(placement).BashAsync(script)).Ensure().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    // What curl -v shows: "<" came from the server, ">" went to it.
    private static string[] SaidByEither(string[] lines) => [.. lines.Where(line => line.StartsWith("< ", StringComparison.Ordinal) || line.StartsWith("> ", StringComparison.Ordinal))];
}
