using System.Security.Cryptography.X509Certificates;
using Shouldly;
using Warp.Cluster.Identity;
using Warp.Node.Configuration;
using Warp.Node.Security;
using Xunit;

namespace Warp.Node.Tests.Cli;

/// <summary><c>warp admin create</c>, from the data folder that holds the CA to the folder that an operator carries away.</summary>
public sealed class AdminCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly NodeDescription _node;

    public AdminCommandTests() =>
        _node = ClusterInitializer.Initialize(new InitRequest(Data, "lab", "alpha", "10.0.0.1", NodePorts.Default), TimeProvider.System);

    private DataFolder Data => new(_folder["data"]);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("read", "warp://lab/admin/ann/read")]
    [InlineData("administer", "warp://lab/admin/ann")]
    [InlineData("deploy --project web --project a/b", "warp://lab/admin/ann/deploy/a%2Fb/web")]
    public async Task A_certificate_with_the_role_is_taken_by_the_cluster(string role, string identity)
    {
        var made = await WarpResult.RunAsync(["admin", "create", "ann", "--role", .. role.Split(' '), "--out", _folder["ann"], "--data", Data.Root]);

        made.Code.ShouldBe(ExitCode.Ok, made.Error);
        made.Out.ShouldContain("warp --data ann --node https://10.0.0.1:8558 ps");
        Identity(new DataFolder(_folder["ann"])).ToString().ShouldBe(identity);
    }

    [Fact]
    public async Task The_folder_is_for_its_owner_only_and_has_the_names_of_a_data_folder()
    {
        await WarpResult.RunAsync("admin", "create", "ann", "--role", "read", "--out", _folder["ann"], "--data", Data.Root);

        Directory.EnumerateFiles(_folder["ann"]).Select(Path.GetFileName).Order(StringComparer.Ordinal).ShouldBe(["admin.crt", "admin.key", "ca.crt"]);
        File.GetUnixFileMode(_folder["ann"]).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.EnumerateFiles(_folder["ann"]).ShouldAllBe(file => File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Fact]
    public async Task It_is_valid_as_long_as_was_asked_for()
    {
        await WarpResult.RunAsync("admin", "create", "ann", "--role", "read", "--days", "7", "--out", _folder["ann"], "--data", Data.Root);

        using var certificate = X509Certificate2.CreateFromPemFile(new DataFolder(_folder["ann"]).AdminCertificate, new DataFolder(_folder["ann"]).AdminKey);
        CertificateTimes.LifeOf(certificate).ShouldBe(TimeSpan.FromDays(7));
    }

    [Theory]
    [InlineData("ann --role deploy", "--role deploy: name at least one project, with --project.")]
    [InlineData("ann --role read --project web", "--project goes with --role deploy; the role read is not bound to projects.")]
    [InlineData("Ann --role read", "'Ann' is not an administrator's name")]
    [InlineData("ann --role read --days 366", "A certificate is valid for 1 to 365 days, not 366.")]
    [InlineData("ann --role owner", "owner")]
    public async Task What_is_wrong_is_said_and_nothing_is_written(string wanted, string problem)
    {
        var refused = await WarpResult.RunAsync(["admin", "create", .. wanted.Split(' '), "--out", _folder["ann"], "--data", Data.Root]);

        refused.Code.ShouldBe(ExitCode.Usage);
        refused.Error.ShouldContain(problem);
        Path.Exists(_folder["ann"]).ShouldBeFalse();
    }

    [Fact]
    public async Task A_folder_that_is_there_is_not_touched()
    {
        Directory.CreateDirectory(_folder["ann"]);

        var refused = await WarpResult.RunAsync("admin", "create", "ann", "--role", "read", "--out", _folder["ann"], "--data", Data.Root);

        refused.Code.ShouldBe(ExitCode.Failed);
        refused.Error.ShouldContain("is there already; nothing was changed");
        Directory.EnumerateFileSystemEntries(_folder["ann"]).ShouldBeEmpty();
    }

    private WarpIdentity Identity(DataFolder admin)
    {
        using var certificate = X509Certificate2.CreateFromPemFile(admin.AdminCertificate, admin.AdminKey);
        return PeerIdentity.Check(certificate, new FileCredentialSource(Data, _node).Current).Identity.ShouldNotBeNull();
    }
}
