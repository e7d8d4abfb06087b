using System.Reflection;
using Akka.Actor;
using NetArchTest.Rules;
using Shouldly;
using Warp.Cluster.Protocol;
using Warp.Node.Security;
using Xunit;

namespace Warp.Node.Tests.Layout;

/// <summary>Asserts the directions that ARCHITECTURE.md draws: a change that breaks one fails here, naming the type.</summary>
public sealed class DependencyDirections
{
    private static readonly Assembly Cluster = typeof(IWarpMessage).Assembly;
    private static readonly Assembly Node = typeof(PeerIdentity).Assembly;

    [Theory]
    [InlineData("Warp.Node")]
    [InlineData("Docker")]
    [InlineData("Microsoft.AspNetCore")]
    [InlineData("Microsoft.Data.Sqlite")]
    [InlineData("Npgsql")]
    [InlineData("System.Net.Sockets.Socket")]
    [InlineData("System.Net.Http")]
    [InlineData("System.Net.Security")]
    [InlineData("System.IO.File")]
    [InlineData("System.IO.Directory")]
    [InlineData("System.Diagnostics.Process")]
    [InlineData("System.Runtime.InteropServices.NativeLibrary")]
    public void The_cluster_never_touches_the_world(string world) =>
        Offenders(Types.InAssembly(Cluster).ShouldNot().HaveDependencyOn(world)).ShouldBeEmpty();

    [Fact]
    public void Every_actor_lives_in_the_cluster() =>
        Node.GetTypes().Where(type => type.IsSubclassOf(typeof(ActorBase))).ShouldBeEmpty();

    [Theory]
    [InlineData("Interception", "Hosting", "Http", "Cli", "Docker", "Ingress")]
    [InlineData("Relay", "Hosting", "Http", "Cli", "Docker", "Interception", "Metrics", "Names", "Configuration")]
    [InlineData("Metrics", "Hosting", "Http", "Cli", "Docker", "Images", "Ingress", "Interception", "Journal", "Runners")]
    [InlineData("Routing", "Hosting", "Http", "Cli", "Docker", "Interception", "Names", "Relay", "Security", "Configuration")]
    [InlineData("Names", "Hosting", "Http", "Cli", "Docker", "Images", "Ingress", "Interception", "Relay", "Security", "Configuration")]
    [InlineData("Security", "Hosting", "Http", "Cli", "Docker", "Interception", "Relay", "Routing", "Names")]
    [InlineData("Docker", "Hosting", "Http", "Cli", "Images", "Interception", "Names", "Relay", "Routing", "Security", "Configuration")]
    [InlineData("Images", "Hosting", "Http", "Cli", "Interception", "Relay", "Routing")]
    [InlineData("Ingress", "Hosting", "Cli", "Docker", "Images", "Interception", "Routing", "Runners")]
    [InlineData("Http", "Ingress")]
    [InlineData("Configuration", "Hosting", "Http", "Cli", "Ingress", "Journal")]
    [InlineData("Journal", "Hosting", "Http", "Cli", "Docker", "Ingress", "Interception", "Relay", "Routing", "Security")]
    [InlineData("Runners", "Hosting", "Http", "Cli", "Docker", "Interception", "Relay", "Routing", "Security")]
    [InlineData("Diagnosis", "Hosting", "Http", "Cli", "Images", "Ingress", "Journal", "Relay", "Routing", "Runners")]
    public void A_room_of_the_node_knows_only_the_rooms_below_it(string room, params string[] above) =>
        Offenders(Types.InAssembly(Node).That().ResideInNamespaceStartingWith($"Warp.Node.{room}")
            .ShouldNot().HaveDependencyOnAny([.. above.Select(name => $"Warp.Node.{name}")])).ShouldBeEmpty();

    private static IEnumerable<string> Offenders(ConditionList rule) => rule.GetResult().FailingTypeNames ?? [];
}
