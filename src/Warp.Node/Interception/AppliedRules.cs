using Warp.Node.Interception.Netlink;
using Warp.Node.Interception.Rules;

namespace Warp.Node.Interception;

/// <summary>What the kernel was given last, and how to see cheaply that it still has it.</summary>
/// <param name="Model">The contents of the sets.</param>
/// <param name="Fingerprint">The chains and rules, as read right after they were made.</param>
/// <param name="Generation">The ruleset's generation in which all was as given; null when somebody else may have changed something since.</param>
internal sealed record AppliedRules(RuleSetModel Model, RuleFingerprint Fingerprint, uint? Generation)
{
    /// <summary>After the whole table was written.</summary>
    /// <param name="state">Where to read from.</param>
    /// <param name="model">What was written.</param>
    /// <param name="before">The generation before it.</param>
    /// <param name="transactions">How many it took.</param>
    public static AppliedRules Read(NftablesState state, RuleSetModel model, uint before, uint transactions)
    {
        var fingerprint = state.Fingerprint();
        return new AppliedRules(model, fingerprint, OnlyOurs(before, state.Generation(), transactions));
    }

    /// <summary>After a change of the sets, from the generation <paramref name="before"/> it to the one <paramref name="after"/> it.</summary>
    public AppliedRules After(RuleSetModel model, uint before, uint after) =>
        this with { Model = model, Generation = Generation == before ? OnlyOurs(before, after, transactions: 1) : null };

    /// <summary>Compares everything with the kernel: what differs, in words for the log; null when nothing does.</summary>
    public string? DifferenceTo(NftablesState state, string table) =>
        Fingerprint.DifferenceTo(state.Fingerprint(), table)
        ?? SetSchema.All.Select(set => Difference(set, Model[set], state.Elements(set), table)).FirstOrDefault(difference => difference is not null);

    private static string? Difference(SetSchema set, HashSet<SetElement> wanted, HashSet<SetElement>? actual, string table)
    {
        if (actual is null)
        {
            return $"the {set.Kind} '{set.Name}' of the nftables table 'inet {table}' was gone";
        }

        var missing = wanted.Count(element => !actual.Contains(element));
        var foreign = actual.Count - (wanted.Count - missing);
        return missing + foreign == 0 ? null : $"the {set.Kind} '{set.Name}' of the nftables table 'inet {table}' lacked {missing} elements and had {foreign} foreign ones";
    }

    private static uint? OnlyOurs(uint before, uint after, uint transactions) => after == before + transactions ? after : null;
}
