using System.ComponentModel;
using System.Diagnostics;

namespace Warp.Node.Interception.Native;

/// <summary>
/// Runs nftables scripts in the network namespace of the calling thread, by the program nft(8): its library waits with select(2), which ends the process as soon as it has a
/// thousand descriptors, and a busy relay has more.
/// </summary>
internal static class NftScript
{
    /// <summary>Runs a script as one transaction; blocks until the kernel has answered.</summary>
    /// <exception cref="InterceptionException">Nothing of it is in force; the message says why and what to do.</exception>
    public static void Run(string script)
    {
        try
        {
            var start = new ProcessStartInfo("nft", ["-f", "-"]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardError = true };
            using var nft = Process.Start(start)!;
            using (nft.StandardInput)
            {
                nft.StandardInput.Write(script);
            }

            var errors = nft.StandardError.ReadToEnd();
            nft.WaitForExit();
            if (nft.ExitCode != 0)
            {
                throw new InterceptionException(Explain(errors));
            }
        }
        catch (Win32Exception exception)
        {
            throw Missing(exception);
        }
        catch (IOException exception)
        {
            throw new InterceptionException($"the program 'nft' ended before it had read the rules ({exception.Message}): run 'nft list ruleset' to see why", exception);
        }
    }

    /// <summary>Asks for a part of the rules as JSON (libnftables-json(5)); blocks until the kernel has answered.</summary>
    /// <param name="what">What to list, word by word, such as <c>chains</c>.</param>
    /// <exception cref="InterceptionException">It is not told; the message says why and what to do.</exception>
    public static string List(params IReadOnlyList<string> what)
    {
        try
        {
            var start = new ProcessStartInfo("nft", ["-j", "list", .. what]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
            using var nft = Process.Start(start)!;
            var errors = nft.StandardError.ReadToEndAsync();
            var answer = nft.StandardOutput.ReadToEnd();
            nft.WaitForExit();
            return nft.ExitCode == 0 ? answer : throw new InterceptionException(Explain(errors.GetAwaiter().GetResult()));
        }
        catch (Win32Exception exception)
        {
            throw Missing(exception);
        }
    }

    private static InterceptionException Missing(Win32Exception exception) =>
        new($"the program 'nft' cannot be run ({exception.Message}): install nftables (Debian and Ubuntu: 'apt-get install nftables'; Fedora: 'dnf install nftables')", exception);

    /// <summary>The first error with a next step; the program adds the offending line and one error for each command that it concerns.</summary>
    private static string Explain(string error)
    {
        var first = error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault(line => line.Contains("Error", StringComparison.Ordinal))
            ?? "no reason given";
        var step = first switch
        {
            _ when first.Contains("Operation not permitted", StringComparison.Ordinal) => "run the node as root, or give it CAP_NET_ADMIN",
            _ when first.Contains("No such file or directory", StringComparison.Ordinal) || first.Contains("not supported", StringComparison.Ordinal) =>
                "something it needs is missing: either the rules were changed meanwhile, or this kernel lacks a part of nftables (nat, redirect, reject, fib and ct for the inet family)",
            _ => "look at 'nft list ruleset'",
        };
        return $"nftables refused the rules: {first}; {step}";
    }
}
