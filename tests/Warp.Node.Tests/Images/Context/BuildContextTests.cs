using System.Diagnostics;
using System.Formats.Tar;
using Shouldly;
using Warp.Node.Configuration;
using Warp.Node.Images.Context;
using Xunit;

namespace Warp.Node.Tests.Images.Context;

public sealed class BuildContextTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public BuildContextTests() => Write("Dockerfile", "FROM scratch\n");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Everything_but_the_history_is_sent_sorted_with_modes_and_links()
    {
        Write("b/run.sh", "#!/bin/sh\n");
        File.SetUnixFileMode(_folder["b/run.sh"], (UnixFileMode)0b111_101_101);
        Write("a.txt", "hello");
        Write(".git/HEAD", "ref");
        Directory.CreateDirectory(_folder["empty"]);
        File.CreateSymbolicLink(_folder["link"], "../outside");
        Directory.CreateSymbolicLink(_folder["self"], ".");

        var context = BuildContext.Open(_folder.Path);
        var entries = await ReadAsync(context);

        entries.Select(entry => entry.Name).ShouldBe(["Dockerfile", "a.txt", "b/", "b/run.sh", "empty/", "link", "self"]);
        entries[3].Mode.ShouldBe((UnixFileMode)0b111_101_101);
        entries[5].LinkName.ShouldBe("../outside");
        entries[1].ModificationTime.ToUnixTimeSeconds().ShouldBe(new DateTimeOffset(File.GetLastWriteTimeUtc(_folder["a.txt"])).ToUnixTimeSeconds());
        entries.ShouldAllBe(entry => entry.Uid == 0 && entry.Gid == 0);
        context.FileCount.ShouldBe(5);
        context.TotalBytes.ShouldBe("FROM scratch\n".Length + "#!/bin/sh\n".Length + "hello".Length);
        context.Dockerfile.ShouldBe("Dockerfile");
    }

    [Fact]
    public async Task The_ignore_file_counts_and_the_dockerfile_and_itself_are_sent_all_the_same()
    {
        Write(".dockerignore", "*\n!src/**\nsrc/secret\n");
        Write("src/main.c", "int main;");
        Write("src/secret/key", "k");
        Write("notes.txt", "n");

        (await NamesAsync(BuildContext.Open(_folder.Path))).ShouldBe([".dockerignore", "Dockerfile", "src/", "src/main.c"]);
    }

    [Fact]
    public async Task An_ignore_file_of_the_dockerfile_wins_over_the_folders()
    {
        Write("docker/web.Dockerfile", "FROM scratch\n");
        Write("docker/web.Dockerfile.dockerignore", "a.txt");
        Write(".dockerignore", "b.txt");
        Write("a.txt", "a");
        Write("b.txt", "b");

        var context = BuildContext.Open(_folder.Path, "docker/web.Dockerfile");

        context.Dockerfile.ShouldBe("docker/web.Dockerfile");
        (await NamesAsync(context)).ShouldNotContain("a.txt", StringComparer.Ordinal);
        (await NamesAsync(context)).ShouldContain("b.txt", StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_dockerfile_outside_of_the_context_is_sent_with_it()
    {
        using var elsewhere = new TemporaryFolder();
        await File.WriteAllTextAsync(elsewhere["web"], "FROM scratch\n");

        var context = BuildContext.Open(_folder.Path, elsewhere["web"]);

        (await NamesAsync(context)).ShouldContain(context.Dockerfile, StringComparer.Ordinal);
        context.Dockerfile.ShouldNotContain("/");
    }

    [Fact]
    public async Task Include_chooses_files_and_exclude_prunes_folders()
    {
        Write("src/a.js", "a");
        Write("src/a.ts", "a");
        Write("node_modules/x/index.js", "x");
        var asked = new List<string>();

        var names = await NamesAsync(BuildContext.Open(
            _folder.Path,
            include: path => path.EndsWith(".js", StringComparison.Ordinal),
            exclude: path =>
            {
                asked.Add(path);
                return string.Equals(path, "node_modules", StringComparison.Ordinal);
            }));

        names.ShouldBe(["Dockerfile", "src/", "src/a.js"]);
        asked.ShouldNotContain("node_modules/x", StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_dockerfile_in_a_folder_that_is_left_out_comes_alone()
    {
        Write("ops/Dockerfile", "FROM scratch\n");
        Write("ops/notes.txt", "n");
        Write("a.txt", "a");

        (await NamesAsync(BuildContext.Open(_folder.Path, "ops/Dockerfile", exclude: path => path is "ops" or "Dockerfile"))).ShouldBe(["a.txt", "ops/", "ops/Dockerfile"]);
    }

    [Fact]
    public async Task Pipes_and_sockets_are_passed_over()
    {
        using var made = Process.Start("mkfifo", [_folder["pipe"]]);
        await made.WaitForExitAsync();

        (await NamesAsync(BuildContext.Open(_folder.Path))).ShouldBe(["Dockerfile"]);
    }

    [Fact]
    public async Task The_same_folder_gives_the_same_bytes_and_progress_ends_at_the_total()
    {
        Write("long/" + new string('n', 120) + "/" + new string('f', 120), new string('x', 300_000));
        var progress = new Last();
        var context = BuildContext.Open(_folder.Path);

        var first = await BytesAsync(context, progress);

        first.ShouldBe(await BytesAsync(BuildContext.Open(_folder.Path)));
        progress.Value.ShouldBe(context.TotalBytes);
    }

    [Fact]
    public void What_is_missing_is_named_with_the_next_step()
    {
        Problem(() => BuildContext.Open(_folder["nowhere"])).ShouldContain("'build.context'");
        Problem(() => BuildContext.Open(_folder.Path, "Dockerfile.prod")).ShouldContain($"There is no Dockerfile {_folder["Dockerfile.prod"]}");
    }

    [Fact]
    public async Task A_file_that_vanishes_or_shrinks_is_named_and_one_that_grows_is_sent_as_it_was()
    {
        Write("log", "12345");
        var context = BuildContext.Open(_folder.Path);

        File.AppendAllText(_folder["log"], "678");
        (await ReadAsync(context)).Count.ShouldBe(2);
        await File.WriteAllTextAsync(_folder["log"], "1");
        (await Should.ThrowAsync<OperatorException>(() => BytesAsync(context))).Message.ShouldContain($"{_folder["log"]} became shorter");
        File.Delete(_folder["log"]);
        (await Should.ThrowAsync<OperatorException>(() => BytesAsync(context))).Message.ShouldContain($"{_folder["log"]} vanished");
    }

    private static string Problem(Action action) => Should.Throw<OperatorException>(action).Message;

    private void Write(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[path])!);
        File.WriteAllText(_folder[path], content);
    }

    private static async Task<byte[]> BytesAsync(BuildContext context, IProgress<long>? progress = null)
    {
        using var archive = new MemoryStream();
        await context.WriteToAsync(archive, progress);
        return archive.ToArray();
    }

    private static async Task<List<string>> NamesAsync(BuildContext context) => [.. (await ReadAsync(context)).Select(entry => entry.Name)];

    private static async Task<List<TarEntry>> ReadAsync(BuildContext context)
    {
        var entries = new List<TarEntry>();
        using var reader = new TarReader(new MemoryStream(await BytesAsync(context)));
        while (await reader.GetNextEntryAsync(copyData: true) is { } entry)
        {
            entries.Add(entry);
        }

        return entries;
    }

    private sealed class Last : IProgress<long>
    {
        public long Value { get; private set; }

        public void Report(long value) => Value = value;
    }
}
