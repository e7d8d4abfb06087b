using Npgsql;

namespace Warp.Node.Configuration;

/// <summary>Reads connection strings of PostgreSQL without ever saying what is in them: they hold a password.</summary>
internal static class PostgresConnection
{
    /// <summary>What is said about one that is wrong. Npgsql's own words may quote a part of the password.</summary>
    public const string Expected =
        "a connection string of PostgreSQL such as \"Host=db.example.org;Database=warp;Username=warp;Password=...;SSL Mode=VerifyFull;Root Certificate=/etc/warp/db-ca.crt\" is expected, "
        + "with a host, a known name before each '=', and quotes around a value that has ';' in it; the value is not shown because it may hold a password";

    /// <summary>The connection string in parts; null when it is none, or names no server.</summary>
    public static NpgsqlConnectionStringBuilder? TryParse(string text)
    {
        try
        {
            var parsed = new NpgsqlConnectionStringBuilder(text);
            return string.IsNullOrEmpty(parsed.Host) ? null : parsed;
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            return null;
        }
    }

    /// <summary>Where it leads, without the password, for a person.</summary>
    public static string Place(NpgsqlConnectionStringBuilder connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        return $"the database {connection.Database ?? connection.Username} on {connection.Host}:{connection.Port}";
    }
}
