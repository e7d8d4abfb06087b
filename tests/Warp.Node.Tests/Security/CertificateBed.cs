using Warp.Node.Configuration;
using Warp.Node.Security;

namespace Warp.Node.Tests.Security;

/// <summary>A cluster's certificates as files: the founder "one" with the CA, and the nodes that joined it.</summary>
internal sealed class CertificateBed : IDisposable
{
    public const string Cluster = "shop";
    private readonly TemporaryFolder _folder = new();
    private readonly TimeSpan _tolerance;

    public CertificateBed(TimeSpan? tunnelLife = null, TimeSpan? tolerance = null, TimeProvider? clock = null)
    {
        (Clock, _tolerance) = (clock ?? TimeProvider.System, tolerance ?? CertificateTimes.ClockTolerance);
        var node = ClusterInitializer.Initialize(new InitRequest(Data("one"), Cluster, "one", "10.0.0.1", NodePorts.Default), Clock);
        One = new FileCredentialSource(Data("one"), node, _tolerance, Clock);
        Signer = new NodeSigner(One, Data("one"), tunnelLife ?? TimeSpan.FromHours(12), Clock);
    }

    public TimeProvider Clock { get; }

    public FileCredentialSource One { get; }

    public NodeSigner Signer { get; }

    public DataFolder Data(string name) => new(_folder[name]);

    /// <summary>Adds a runner and joins it.</summary>
    public FileCredentialSource Join(string name)
    {
        var bundle = _folder[$"{name}.bundle"];
        RunnerBundles.Add(new AddRunnerRequest(Data("one"), name, "10.0.0.2", Control: false, NodePorts.Default, bundle), Clock);
        return new FileCredentialSource(Data(name), NodeJoiner.Join(new JoinRequest(Data(name), bundle)), _tolerance, Clock);
    }

    /// <summary>The credentials as a node that starts anew reads them.</summary>
    public FileCredentialSource Restart(string name) => new(Data(name), NodeDescription.Load(Data(name)), _tolerance, Clock);

    public void Dispose() => _folder.Dispose();
}
