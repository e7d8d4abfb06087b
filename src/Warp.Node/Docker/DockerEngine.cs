using Docker.DotNet;
using Warp.Cluster.Containers;

namespace Warp.Node.Docker;

/// <summary>The connection to the engine, shared by everything here: every piece of work has a deadline, can be cancelled, and ends in a result.</summary>
internal sealed class DockerEngine : IDisposable
{
    private readonly DockerClientConfiguration _configuration;

    /// <summary>Connects lazily: the engine need not be there yet.</summary>
    public DockerEngine(DockerOptions options)
    {
        Options = options;
        Owner = new DockerOwner(options.Cluster, options.Runner);
        _configuration = new DockerClientConfiguration(options.Endpoint, defaultTimeout: Timeout.InfiniteTimeSpan);
        Client = _configuration.CreateClient();
        Streams = new EngineStreams(options.Endpoint);
    }

    /// <summary>The settings.</summary>
    public DockerOptions Options { get; }

    /// <summary>What is ours.</summary>
    public DockerOwner Owner { get; }

    /// <summary>The library's client; without a version in its requests, so that the engine answers in its own.</summary>
    public DockerClient Client { get; }

    /// <summary>For what is too large to be collected.</summary>
    public EngineStreams Streams { get; }

    /// <summary>Does one piece of work within the usual deadline.</summary>
    public Task<RuntimeResult<T>> RunAsync<T>(string doing, Func<CancellationToken, Task<RuntimeResult<T>>> work, CancellationToken cancellationToken) =>
        RunAsync(doing, Options.CallTimeout, work, cancellationToken);

    /// <summary>Does one piece of work.</summary>
    /// <param name="doing">What it is, for the failure's text, such as "start container 1f2e3d".</param>
    /// <param name="deadline">How long all of it may take.</param>
    /// <param name="work">Throws what the library throws; must not have side effects that cannot be repeated.</param>
    /// <param name="cancellationToken">The caller's wish to stop, the only reason to throw.</param>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async Task<RuntimeResult<T>> RunAsync<T>(
        string doing, TimeSpan deadline, Func<CancellationToken, Task<RuntimeResult<T>>> work, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(deadline);
        try
        {
            // The library does not look at the token while it connects, so the deadline does not rely on it.
            return await work(limit.Token).WaitAsync(limit.Token);
        }
        catch (Exception exception) when (DockerFailure.IsExpected(exception) && !cancellationToken.IsCancellationRequested)
        {
            return DockerFailure.From(exception, doing, Options.Endpoint);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Streams.Dispose();
        Client.Dispose();
        _configuration.Dispose();
    }
}
