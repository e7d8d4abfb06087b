using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Warp.Node.Security;

/// <summary>What lets another machine join by one line: where to ask, whom to believe there, and a secret.</summary>
/// <param name="Node">Host and port of the management API of the node that holds the CA.</param>
/// <param name="Authority">The CA's certificate: <see cref="FingerprintOf"/>.</param>
/// <param name="Id">Names the token; not secret.</param>
/// <param name="Secret">Hexadecimal.</param>
public sealed record JoinToken(string Node, string Authority, string Id, string Secret)
{
    /// <summary>What every token begins with.</summary>
    public const string Prefix = "warp-join-1.";

    private const int Parts = 4;

    /// <summary>The text that a person carries; secret.</summary>
    public string Text => Prefix + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Join(' ', Node, Authority, Id, Secret)));

    /// <summary>Reads the text.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out JoinToken? token)
    {
        ArgumentNullException.ThrowIfNull(text);
        token = text.StartsWith(Prefix, StringComparison.Ordinal) && Base64Url.IsValid(text.AsSpan(Prefix.Length))
            && Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text.AsSpan(Prefix.Length))).Split(' ') is { Length: Parts } parts
            ? new JoinToken(parts[0], parts[1], parts[2], parts[3])
            : null;
        return token is not null;
    }

    /// <summary>How a token names a CA: SHA-256 of its certificate, hexadecimal.</summary>
    public static string FingerprintOf(X509Certificate2 authority)
    {
        ArgumentNullException.ThrowIfNull(authority);
        return authority.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant();
    }

    /// <summary>Without the secret.</summary>
    public override string ToString() => $"token {Id} for {Node}";
}
