using System.Security.Cryptography;
using System.Text;

namespace Warp.Node.Images.Logins;

/// <summary>
/// Seals a password with AES-256-GCM (NIST SP 800-38D). Registry and user are authenticated with it, so that a sealed password cannot be moved to another registry.
/// The text is base64 of: one byte of version, 12 bytes of nonce, 16 bytes of tag, the ciphertext.
/// </summary>
internal static class LoginSeal
{
    private const byte Version = 1;
    private const int Nonce = 12;
    private const int Tag = 16;
    private const int Head = 1 + Nonce + Tag;

    /// <summary>Seals.</summary>
    /// <param name="key">32 bytes.</param>
    /// <param name="registry">Host and port.</param>
    /// <param name="username">The user.</param>
    /// <param name="password">The secret.</param>
    public static string Seal(byte[] key, string registry, string username, string password)
    {
        var plain = Encoding.UTF8.GetBytes(password);
        var whole = new byte[Head + plain.Length];
        whole[0] = Version;
        RandomNumberGenerator.Fill(whole.AsSpan(1, Nonce));
        using var cipher = new AesGcm(key, Tag);
        cipher.Encrypt(whole.AsSpan(1, Nonce), plain, whole.AsSpan(Head), whole.AsSpan(1 + Nonce, Tag), Associated(registry, username));
        return Convert.ToBase64String(whole);
    }

    /// <summary>Opens.</summary>
    /// <returns>The password; null when it was sealed with another key, for another registry or user, by a newer version, or was changed since.</returns>
    public static string? Open(byte[] key, string registry, string username, string secret)
    {
        var whole = new byte[secret.Length];
        if (!Convert.TryFromBase64String(secret, whole, out var length) || length < Head || whole[0] != Version)
        {
            return null;
        }

        var plain = new byte[length - Head];
        try
        {
            using var cipher = new AesGcm(key, Tag);
            cipher.Decrypt(whole.AsSpan(1, Nonce), whole.AsSpan(Head, plain.Length), whole.AsSpan(1 + Nonce, Tag), plain, Associated(registry, username));
            return Encoding.UTF8.GetString(plain);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    // The length keeps the two apart.
    private static byte[] Associated(string registry, string username) => Encoding.UTF8.GetBytes($"warp-registry-login\n{registry.Length}\n{registry}\n{username}");
}
