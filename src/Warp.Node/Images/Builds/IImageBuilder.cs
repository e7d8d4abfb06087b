using Warp.Cluster.Identity;

namespace Warp.Node.Images.Builds;

/// <summary>Builds images with this runner's engine.</summary>
public interface IImageBuilder
{
    /// <summary>Builds and names the image. Whatever fails in the engine or in the build is told as <see cref="BuildFailed"/>.</summary>
    /// <param name="request">What.</param>
    /// <param name="context">A tar archive; read only as fast as the engine takes it.</param>
    /// <param name="tell">Called for each event, one at a time; the last is <see cref="BuildDone"/> or <see cref="BuildFailed"/>.</param>
    /// <param name="cancellationToken">Ends the build.</param>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    Task BuildAsync(BuildRequest request, Stream context, Func<BuildEvent, Task> tell, CancellationToken cancellationToken);
}

/// <summary>What is to be built.</summary>
/// <param name="Deployment">Whose image it is.</param>
/// <param name="Service">Of which service.</param>
/// <param name="Dockerfile">Its path in the context.</param>
public sealed record BuildRequest(DeploymentName Deployment, ServiceName Service, string Dockerfile);
