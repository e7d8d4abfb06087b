namespace Warp.Node.Interception.Rules;

/// <summary>Elements of each set, without duplicates. Not written any more once it is part of a <see cref="RuleSetModel"/>.</summary>
internal sealed class ElementLists
{
    private readonly List<SetElement>?[] _lists = new List<SetElement>?[SetSchema.All.Length];

    /// <summary>A set's elements.</summary>
    public IReadOnlyList<SetElement> this[SetSchema set] => _lists[set.Index] ?? [];

    /// <summary>Adds an element that is not there yet.</summary>
    public void Put(SetSchema set, SetElement element) => (_lists[set.Index] ??= []).Add(element);

    /// <summary>Adds a bridge that is to be guarded.</summary>
    public void PutBridge(string name)
    {
        Put(SetSchema.Bridges, new(name));
        Put(SetSchema.BridgePairs, new(name));
    }
}
