using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Warp.Node.Configuration;

namespace Warp.Node.Security;

/// <summary>The join tokens that may still be used, beside the CA; secrets are kept as their hash only.</summary>
/// <param name="Tokens">In the order of issue.</param>
public sealed record JoinTokenBook(ImmutableArray<IssuedToken> Tokens)
{
    private const int SecretBytes = 32;
    private const int IdBytes = 4;

    /// <summary>Issues a token.</summary>
    /// <param name="data">The data folder that holds the CA.</param>
    /// <param name="life">How long it may be used.</param>
    /// <param name="uses">By how many machines.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="OperatorException">There is no CA here, its node's settings are wrong, or the book cannot be written.</exception>
    public static JoinToken Issue(DataFolder data, TimeSpan life, int uses, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        using var authority = ClusterAuthority.Load(data, time);
        using var turn = AuthorityLock.Take(data);
        using var certificate = X509Certificate2.CreateFromPem(authority.CertificatePem);
        var settings = SettingsLoader.Load(SettingsSources.ForProcess(data, null, []));
        var token = new JoinToken(
            string.Create(CultureInfo.InvariantCulture, $"{settings.Node.Address}:{settings.Ports.Management}"),
            JoinToken.FingerprintOf(certificate),
            Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes)),
            Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes)));
        var now = time.GetUtcNow();
        var kept = Load(data).Usable(now);
        (kept with { Tokens = kept.Tokens.Add(new IssuedToken(token.Id, HashOf(token.Secret), now, now + life, uses)) }).Save(data);
        return token;
    }

    /// <summary>The tokens that may be used now.</summary>
    public static JoinTokenBook List(DataFolder data, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        using var authority = ClusterAuthority.Load(data, time);
        return Load(data).Usable(time.GetUtcNow());
    }

    /// <summary>Takes a token back.</summary>
    /// <exception cref="OperatorException">There is none with that id.</exception>
    public static void Revoke(DataFolder data, string id, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        using var authority = ClusterAuthority.Load(data, time);
        using var turn = AuthorityLock.Take(data);
        var book = Load(data).Usable(time.GetUtcNow());
        if (book.Find(id) is not { } token)
        {
            throw new OperatorException(ExitCode.NotFound, $"There is no join token '{id}' that could be used; 'warp token list' lists those there are.");
        }

        (book with { Tokens = book.Tokens.Remove(token) }).Save(data);
    }

    /// <summary>Whether a token may be used; nothing is said of why not, because whoever asks has proven nothing. The caller holds the <see cref="AuthorityLock"/>.</summary>
    internal static bool IsUsable(DataFolder data, string id, string secret, TimeProvider time) =>
        Load(data).Usable(time.GetUtcNow()).Find(id) is { } token
        && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(token.SecretHash), Encoding.ASCII.GetBytes(HashOf(secret)));

    /// <summary>Uses a token that may be used once; the caller holds the <see cref="AuthorityLock"/>.</summary>
    internal static void Use(DataFolder data, string id, TimeProvider time)
    {
        var book = Load(data).Usable(time.GetUtcNow());
        var token = book.Find(id) ?? throw new InvalidOperationException($"the token {id} was usable before");
        (book with { Tokens = token.UsesLeft > 1 ? book.Tokens.Replace(token, token with { UsesLeft = token.UsesLeft - 1 }) : book.Tokens.Remove(token) }).Save(data);
    }

    private JoinTokenBook Usable(DateTimeOffset now) => new([.. Tokens.Where(token => token.ExpiresAt > now)]);

    private IssuedToken? Find(string id) => Tokens.FirstOrDefault(token => string.Equals(token.Id, id, StringComparison.Ordinal));

    private static JoinTokenBook Load(DataFolder data)
    {
        try
        {
            return File.Exists(FileIn(data)) ? JsonSerializer.Deserialize(SecretFile.Read(FileIn(data)), SetupJson.Default.JoinTokenBook) ?? new([]) : new([]);
        }
        catch (JsonException failure)
        {
            throw new OperatorException(ExitCode.NotConfigured, $"{FileIn(data)} cannot be read: {failure.Message}. Remove it: its tokens are void then, and 'warp token create' makes new ones.", failure);
        }
    }

    private void Save(DataFolder data) => SecretFile.Write(FileIn(data), JsonSerializer.Serialize(this, SetupJson.Default.JoinTokenBook));

    private static string HashOf(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    private static string FileIn(DataFolder data) => Path.Combine(data.AuthorityFolder, "tokens.json");
}

/// <summary>One token of the book.</summary>
/// <param name="Id">Its name.</param>
/// <param name="SecretHash">SHA-256 of its secret, hexadecimal.</param>
/// <param name="CreatedAt">When it was issued.</param>
/// <param name="ExpiresAt">When it ends.</param>
/// <param name="UsesLeft">How many machines may still join by it.</param>
public sealed record IssuedToken(string Id, string SecretHash, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, int UsesLeft);
