using System.Runtime.InteropServices;

namespace Warp.Node.Interception.Native;

/// <summary>Runs nftables scripts in the network namespace of the calling thread.</summary>
internal static class NftScript
{
    /// <summary>Runs a script as one transaction; blocks until the kernel has answered.</summary>
    /// <exception cref="InterceptionException">Nothing of it is in force; the message says why and what to do.</exception>
    public static void Run(string script)
    {
        try
        {
            // A context of its own for each script: a kept one would answer from its cache of a ruleset that others change.
            using var context = LibNftables.NewContext(0);
            if (context.IsInvalid || LibNftables.BufferOutput(context) != 0 || LibNftables.BufferError(context) != 0)
            {
                throw new InterceptionException($"{LibNftables.FileName} could not be set up (out of memory, or netfilter's netlink is not in this kernel)");
            }

            if (LibNftables.Run(context, script) != 0)
            {
                throw new InterceptionException(Explain(Marshal.PtrToStringUTF8(LibNftables.ErrorBuffer(context)) ?? ""));
            }
        }
        catch (DllNotFoundException exception)
        {
            throw new InterceptionException($"{LibNftables.FileName} is not on this host: install nftables (Debian and Ubuntu: 'apt-get install nftables'; Fedora: 'dnf install nftables')", exception);
        }
    }

    /// <summary>The first error with a next step; the library adds the offending line and one error for each command that it concerns.</summary>
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
