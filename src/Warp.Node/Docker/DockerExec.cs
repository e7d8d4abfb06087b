using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;
using Warp.Cluster.Containers;

namespace Warp.Node.Docker;

/// <summary>Programs inside our containers (Docker Engine API, "Exec").</summary>
internal sealed class DockerExec(DockerEngine engine) : IContainerExec
{
    private readonly DockerContainers _containers = new(engine);

    /// <inheritdoc/>
    public Task<RuntimeResult<IExecSession>> OpenAsync(string containerId, ExecRequest request, CancellationToken cancellationToken) =>
        engine.RunAsync<IExecSession>(
            $"run '{request.Command[0]}' in container {containerId}",
            async token =>
            {
                if ((await _containers.InspectAsync(containerId, token)).Failure is { } failure)
                {
                    return failure;
                }

                var parameters = new ContainerExecCreateParameters
                {
                    Cmd = [.. request.Command],
                    Tty = request.Tty,
                    AttachStdin = request.Input,
                    AttachStdout = true,
                    AttachStderr = true,
                };
                var created = await engine.Client.Exec.ExecCreateContainerAsync(containerId, parameters, token);
                var stream = await engine.Client.Exec.StartAndAttachContainerExecAsync(created.ID, request.Tty, token);
                return new Session(engine.Client, created.ID, stream, request);
            },
            cancellationToken);

    private sealed class Session(DockerClient client, string id, MultiplexedStream stream, ExecRequest request) : IExecSession
    {
        private readonly byte[] _buffer = new byte[16 * 1024];

        public async Task<ExecOutput> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            var result = await stream.ReadOutputAsync(_buffer, 0, Math.Min(_buffer.Length, buffer.Length), cancellationToken).WaitAsync(cancellationToken);
            _buffer.AsMemory(0, result.Count).CopyTo(buffer);
            return new ExecOutput(result.EOF ? 0 : result.Count, result.Target == MultiplexedStream.TargetStream.StandardError);
        }

        public Task WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => stream.WriteAsync(bytes.ToArray(), 0, bytes.Length, cancellationToken);

        public void CloseInput() => stream.CloseWrite();

        public async Task ResizeAsync(int columns, int rows, CancellationToken cancellationToken)
        {
            try
            {
                if (request.Tty)
                {
                    await client.Exec.ResizeContainerExecTtyAsync(id, new ContainerResizeParameters { Width = columns, Height = rows }, cancellationToken);
                }
            }
            catch (DockerApiException ended) when (ended.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict or HttpStatusCode.InternalServerError)
            {
                // The program has ended, or its terminal is not made yet: the engine has no better word for it, and the next resize will do.
                return;
            }
        }

        public async Task<int?> ExitCodeAsync(CancellationToken cancellationToken)
        {
            var seen = await client.Exec.InspectContainerExecAsync(id, cancellationToken);
            return seen.Running ? null : (int)seen.ExitCode;
        }

        public ValueTask DisposeAsync()
        {
            stream.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
