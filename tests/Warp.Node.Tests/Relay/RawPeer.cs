using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Warp.Node.Relay.Frames;
using Warp.Node.Routing;
using Warp.Node.Security;

namespace Warp.Node.Tests.Relay;

/// <summary>A peer that keeps no rule: it writes whatever frames the test wants to an engine's tunnel port.</summary>
internal sealed class RawPeer : IDisposable
{
    private readonly Socket _socket;
    private readonly SslStream _tls;

    private RawPeer(Socket socket, SslStream tls) => (_socket, _tls) = (socket, tls);

    internal static async Task<RawPeer> ConnectAsync(int port, NodeCredentials credentials, Preface? preface = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync("127.0.0.1", port);
        return await ConnectAsync(socket, credentials, preface);
    }

    /// <summary>Begins to speak on a connection that is open, and belongs to the peer from now on.</summary>
    internal static async Task<RawPeer> ConnectAsync(Socket socket, NodeCredentials credentials, Preface? preface = null)
    {
        var tls = new SslStream(new NetworkStream(socket), leaveInnerStreamOpen: false, (_, certificate, _, _) => PeerIdentity.Check(certificate as X509Certificate2, credentials).Identity is not null);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "warp",
            ClientCertificateContext = SslStreamCertificateContext.Create(credentials.Certificate, null, offline: true),
            EnabledSslProtocols = SslProtocols.Tls13,
        }).WaitAsync(Wait.Limit);
        var peer = new RawPeer(socket, tls);
        var bytes = new byte[Preface.Size];
        (preface ?? new Preface(32 * 1024, 64 * 1024)).Write(bytes);
        await tls.WriteAsync(bytes);
        return peer;
    }

    internal static byte[] Frame(FrameType type, uint stream, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[FrameHeader.Size + payload.Length];
        new FrameHeader(type, payload.Length, stream).Write(frame);
        payload.CopyTo(frame.AsSpan(FrameHeader.Size));
        return frame;
    }

    internal static byte[] OpenFrameOf(uint stream, OpenRequest request)
    {
        var payload = new byte[OpenFrame.MaxSize];
        return Frame(FrameType.Open, stream, payload.AsSpan(0, OpenFrame.Write(request, payload)));
    }

    internal Task SendAsync(FrameType type, uint stream, ReadOnlyMemory<byte> payload) => WriteAsync(Frame(type, stream, payload.Span));

    internal Task OpenAsync(uint stream, OpenRequest request) => WriteAsync(OpenFrameOf(stream, request));

    /// <summary>Sends bytes as they are, whole frames or not.</summary>
    internal async Task WriteAsync(ReadOnlyMemory<byte> bytes) => await _tls.WriteAsync(bytes);

    /// <summary>Reads until the engine ends the trunk.</summary>
    internal async Task UntilClosedAsync()
    {
        try
        {
            var buffer = new byte[64 * 1024];
            while (await _tls.ReadAsync(buffer).AsTask().WaitAsync(Wait.Limit) > 0)
            {
            }
        }
        catch (IOException)
        {
            // Closed by reset.
        }
    }

    /// <summary>Reads the next frame after the preface.</summary>
    internal async Task<(FrameHeader Header, byte[] Payload)> ReadFrameAsync()
    {
        var header = new byte[FrameHeader.Size];
        await _tls.ReadExactlyAsync(header).AsTask().WaitAsync(Wait.Limit);
        var read = FrameHeader.Read(header);
        var payload = new byte[read.Length];
        await _tls.ReadExactlyAsync(payload).AsTask().WaitAsync(Wait.Limit);
        return (read, payload);
    }

    internal async Task ReadPrefaceAsync() => await _tls.ReadExactlyAsync(new byte[Preface.Size]).AsTask().WaitAsync(Wait.Limit);

    public void Dispose()
    {
        _tls.Dispose();
        _socket.Dispose();
    }
}
