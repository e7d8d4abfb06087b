using System.Collections.Immutable;
using Akka.Configuration;
using Microsoft.Extensions.Logging;
using Warp.Cluster.Identity;

namespace Warp.Node.Configuration;

/// <summary>Reads the settings of a node from all their sources.</summary>
public static class SettingsLoader
{
    private const string PostgresFile = "persistence-postgres.conf";

    /// <summary>Where the shipped files lie: next to the program.</summary>
    internal static string ShippedFolder => Path.Combine(AppContext.BaseDirectory, "hocon");

    /// <summary>The shipped settings of a journal in PostgreSQL.</summary>
    internal static Config PostgresPersistence => ReadShipped(PostgresFile).Config;

    /// <summary>Reads and checks everything.</summary>
    /// <exception cref="OperatorException">A source cannot be read, or a key is unknown or wrong; every problem is in the message.</exception>
    public static WarpSettings Load(SettingsSources sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        var node = NodeDescription.Load(sources.Data);
        return Build(sources.Data, node, Merge(sources));
    }

    private static Config Merge(SettingsSources sources)
    {
        List<ConfigLayer> layers = [OverrideLayers.FromCommandLine(sources.Overrides), OverrideLayers.FromEnvironment(sources.Environment)];
        if (sources.ConfigFile is { } file)
        {
            layers.Add(ReadFile(file));
        }
        else if (File.Exists(sources.Data.ConfigFile))
        {
            layers.Add(ReadFile(sources.Data.ConfigFile));
        }

        layers.AddRange([ReadShipped("warp.conf"), ReadShipped("management.conf")]);
        var problems = layers.SelectMany(layer => layer.Problems()).ToList();
        if (problems.Count > 0)
        {
            throw new OperatorException(ExitCode.NotConfigured, string.Join(Environment.NewLine, problems));
        }

        var ours = layers.Aggregate(Config.Empty, (merged, layer) => merged.WithFallback(layer.Config));
        return ShippedFiles(Provider(ours)).Aggregate(ours, (merged, name) => merged.WithFallback(ReadShipped(name).Config));
    }

    private static IEnumerable<string> ShippedFiles(PersistenceProvider provider) =>
        [provider == PersistenceProvider.Sqlite ? "persistence-sqlite.conf" : PostgresFile, "cluster.conf", "akka.conf"];

    private static WarpSettings Build(DataFolder data, NodeDescription node, Config config)
    {
        var provider = Provider(config);
        return new WarpSettings(
            data,
            config.GetString(SettingKeys.Address) is { Length: > 0 } address ? node with { Address = address } : node,
            config.GetString(SettingKeys.BindAddress),
            Ports(config, node.Ports),
            Network(config),
            new DockerSettings(new Uri(config.GetString(SettingKeys.DockerEndpoint)), config.GetInt(SettingKeys.BuildContextLimit), Duration(config, SettingKeys.PullStallTimeout)),
            Relay(config),
            new MetricSettings(config.GetInt(SettingKeys.MaxEdges), Duration(config, SettingKeys.ForgetEdgeAfter)),
            new CertificateSettings(Duration(config, SettingKeys.TunnelCertificateLife), Duration(config, SettingKeys.ClockTolerance)),
            Management(config, data),
            Ingress(config),
            Cluster(config, provider),
            new PersistenceSettings(provider, ConnectionString(provider, config)),
            Enum.Parse<LogLevel>(config.GetString(SettingKeys.LogLevel), ignoreCase: true),
            config);
    }

    private static NodePorts Ports(Config config, NodePorts otherwise) => new(
        Or(config.GetInt(SettingKeys.ClusterPort), otherwise.Cluster),
        Or(config.GetInt(SettingKeys.TunnelPort), otherwise.Tunnel),
        Or(config.GetInt(SettingKeys.ManagementHttpPort), Or(config.GetInt(SettingKeys.ManagementPort), otherwise.Management)));

    private static RelaySettings Relay(Config config) => new(
        SettingValues.Flag(config.GetString(SettingKeys.DialFirst)),
        config.GetInt(SettingKeys.RelayLoops),
        config.GetInt(SettingKeys.RelayTrunks),
        Duration(config, SettingKeys.RelayDialTimeout),
        Duration(config, SettingKeys.RelayTrunkTimeout))
    {
        DrainDeadline = Duration(config, SettingKeys.RelayDrainDeadline),
        RestartWait = Duration(config, SettingKeys.RelayRestartWait),
    };

    private static ManagementSettings Management(Config config, DataFolder data) => new(
        config.GetString(SettingKeys.Socket) is { Length: > 0 } socket ? Path.GetFullPath(socket) : data.SocketFile, Duration(config, SettingKeys.AskTimeout))
    {
        BindAddress = new[] { SettingKeys.ManagementBindHostname, SettingKeys.ManagementHostname, SettingKeys.BindAddress }.Select(key => config.GetString(key)).First(text => text.Length > 0),
        BindPort = config.GetInt(SettingKeys.ManagementBindPort),
        RateLimit = RateLimitSettings.From(config),
        Audit = AuditSettings.From(config),
        Akka = AkkaManagementSettings.From(config),
    };

    private static NetworkSettings Network(Config config) => new(
        Ipv4Range.Parse(config.GetString(SettingKeys.IstRange)),
        Ipv4Range.Parse(config.GetString(SettingKeys.BridgePool)),
        config.GetInt(SettingKeys.InterceptPort),
        config.GetInt(SettingKeys.NamesPort),
        [.. config.GetIntList(SettingKeys.OpenHostPorts)]);

    private static IngressSettings Ingress(Config config) => new(
        config.GetInt(SettingKeys.IngressHttpsPort),
        config.GetInt(SettingKeys.IngressHttpPort),
        new BaseDomains(
            config.GetString(SettingKeys.BaseDomain) is { Length: > 0 } domain ? domain.ToLowerInvariant() : null,
            config.GetValue(SettingKeys.BaseUrls).GetObject().Items.ToImmutableSortedDictionary(item => item.Key, item => item.Value.GetString().ToLowerInvariant(), StringComparer.Ordinal)));

    private static ClusterSettings Cluster(Config config, PersistenceProvider provider) =>
        config.GetInt(SettingKeys.ControlNodes) is var nodes && (nodes == 1 || provider == PersistenceProvider.Postgres)
            ? new ClusterSettings(nodes, Duration(config, SettingKeys.DrainDeadline), Duration(config, SettingKeys.RunnerGrace))
            : throw new OperatorException(
                ExitCode.NotConfigured,
                $"{SettingKeys.ControlNodes} is {nodes}, but {SettingKeys.Provider} is sqlite, which is a file on this machine. Several control nodes share a PostgreSQL database: "
                + $"move the journal with 'warp journal move', and set {SettingKeys.Provider} and {SettingKeys.ConnectionString}.");

    private static TimeSpan Duration(Config config, string key) => SettingValues.Duration(config.GetString(key));

    private static int Or(int wanted, int otherwise) => wanted == 0 ? otherwise : wanted;

    private static PersistenceProvider Provider(Config config) =>
        Enum.Parse<PersistenceProvider>(config.GetString(SettingKeys.Provider), ignoreCase: true);

    private static string? ConnectionString(PersistenceProvider provider, Config config)
    {
        if (provider == PersistenceProvider.Sqlite)
        {
            return null;
        }

        return config.GetString(SettingKeys.ConnectionString) is { Length: > 0 } text
            ? text
            : throw new OperatorException(ExitCode.NotConfigured, $"{SettingKeys.ConnectionString} is empty, but {SettingKeys.Provider} is postgres: name the database.");
    }

    private static ConfigLayer ReadShipped(string name) => ReadFile(Path.Combine(ShippedFolder, name));

    private static ConfigLayer ReadFile(string file)
    {
        try
        {
            return ConfigLayer.Parse(file, File.ReadAllText(file));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new OperatorException(ExitCode.NotConfigured, $"{file} cannot be read: {failure.Message}", failure);
        }
    }
}
