namespace Warp.Node.Interception;

/// <summary>The host's IPv4 forwarding, without which no container reaches another or the world (Linux: Documentation/networking/ip-sysctl.rst).</summary>
internal static class Forwarding
{
    private const string Setting = "/proc/sys/net/ipv4/ip_forward";

    /// <summary>Switches it on when it is off.</summary>
    /// <returns>Whether it was off.</returns>
    /// <exception cref="InterceptionException">It is off and cannot be switched on.</exception>
    public static bool Ensure()
    {
        try
        {
            if (!File.ReadAllText(Setting).StartsWith('0'))
            {
                return false;
            }

            File.WriteAllText(Setting, "1");
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InterceptionException($"IPv4 forwarding is off and cannot be switched on ({exception.Message}): run 'sysctl -w net.ipv4.ip_forward=1' and keep it in /etc/sysctl.d", exception);
        }
    }
}
