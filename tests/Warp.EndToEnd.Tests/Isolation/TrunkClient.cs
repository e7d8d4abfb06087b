using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Warp.Lab.Machines;
using Warp.Node.Relay.Frames;
using Warp.Node.Routing;
using Warp.Node.Security;

namespace Warp.EndToEnd.Tests.Isolation;

/// <summary>A stranger that speaks the trunk protocol to a runner's tunnel port, with whatever certificate it has.</summary>
internal static class TrunkClient
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Asks for one stream.</summary>
    /// <param name="from">The machine it speaks from.</param>
    /// <param name="address">The runner's address.</param>
    /// <param name="port">Its tunnel port.</param>
    /// <param name="certificate">What it shows; null for nothing.</param>
    /// <param name="request">The stream it asks for.</param>
    /// <returns>"opened", "reset REASON", or "closed" when the tunnel did not even take the question.</returns>
    public static async Task<string> AskAsync(Machine from, string address, int port, IssuedCertificate? certificate, OpenRequest request)
    {
        using var socket = MachineSockets.CreateTcp(from);
        using var deadline = new CancellationTokenSource(Patience);
        await socket.ConnectAsync(address, port, deadline.Token);
        await using var tls = new SslStream(new NetworkStream(socket));
        try
        {
            await tls.AuthenticateAsClientAsync(Options(certificate), deadline.Token);
            await tls.WriteAsync(Question(request), deadline.Token);
            await tls.FlushAsync(deadline.Token);
            return await ReadAnswerAsync(tls, deadline.Token);
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            return "closed";
        }
    }

    [SuppressMessage("Security", "CA5359:Do not disable certificate validation", Justification = "A stranger does not care whom it attacks; what is tested is the runner's check.")]
    private static SslClientAuthenticationOptions Options(IssuedCertificate? certificate) => new()
    {
        TargetHost = "warp",
        ClientCertificates = certificate is null ? [] : [Load(certificate)],
        RemoteCertificateValidationCallback = (_, _, _, _) => true,
    };

    private static X509Certificate2 Load(IssuedCertificate issued)
    {
        using var fromPem = X509Certificate2.CreateFromPem(issued.CertificatePem, issued.KeyPem);
        return X509CertificateLoader.LoadPkcs12(fromPem.Export(X509ContentType.Pkcs12), password: null);
    }

    private static byte[] Question(OpenRequest request)
    {
        var bytes = new byte[Preface.Size + FrameHeader.Size + OpenFrame.MaxSize];
        new Preface(64 * 1024, 64 * 1024).Write(bytes);
        var length = OpenFrame.Write(request, bytes.AsSpan(Preface.Size + FrameHeader.Size));
        new FrameHeader(FrameType.Open, length, Stream: 1).Write(bytes.AsSpan(Preface.Size));
        return bytes[..(Preface.Size + FrameHeader.Size + length)];
    }

    private static async Task<string> ReadAnswerAsync(SslStream tls, CancellationToken cancellationToken)
    {
        var preface = new byte[Preface.Size];
        await tls.ReadExactlyAsync(preface, cancellationToken);
        while (true)
        {
            var bytes = new byte[FrameHeader.Size];
            await tls.ReadExactlyAsync(bytes, cancellationToken);
            var header = FrameHeader.Read(bytes);
            var payload = new byte[header.Length];
            await tls.ReadExactlyAsync(payload, cancellationToken);
            switch (header.Type)
            {
                case FrameType.Opened:
                    return "opened";
                case FrameType.Reset:
                    return $"reset {(ResetReason)payload[0]}";
            }
        }
    }
}
