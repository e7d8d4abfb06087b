using System.Collections.Immutable;
using Warp.Node.Diagnosis.Checks;

namespace Warp.Node.Diagnosis;

/// <summary>Asks all checks at once; one that fails or hangs is a finding too, and keeps no other from its own.</summary>
/// <param name="checks">What is looked at on this host.</param>
/// <param name="probe">Reaches for other runners; null where nothing is known of them.</param>
internal sealed class Doctor(ImmutableArray<ICheck> checks, PeerProbe? probe = null) : IDoctor
{
    /// <summary>How long a check may take.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    /// <inheritdoc/>
    public async Task<ImmutableArray<Finding>> ExamineAsync(ImmutableArray<PeerPlace> peers, CancellationToken cancellationToken)
    {
        ImmutableArray<ICheck> all = probe is null ? checks : [.. checks, .. peers.Select(peer => new PeerCheck(peer, probe))];
        return [.. (await Task.WhenAll(all.Select(check => LookAsync(check, cancellationToken)))).SelectMany(static found => found)];
    }

    private static async Task<ImmutableArray<Finding>> LookAsync(ICheck check, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            // Some of what is asked does not look at the token.
            return await Task.Run(() => check.LookAsync(limit.Token), limit.Token).WaitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return [Finding.Problem(check.Name, $"could not be looked at within {Patience.TotalSeconds:0} s", "look for what hangs: 'dmesg', 'top', a network drive that does not answer")];
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return [Finding.Problem(check.Name, $"could not be looked at: {failure.Message}", "run the node as root, and report this when it is")];
        }
    }
}
