using System.Globalization;
using System.Text;

namespace Warp.Node.Interception.Rules;

/// <summary>Turns models into nftables' language (nft(8)). Each script is one transaction: all of it is in force, or nothing is.</summary>
/// <param name="options">Ranges, ports and names.</param>
/// <param name="holdsCalls">Whether connections that need the relay are held until their service has been dialled.</param>
internal sealed class RuleSetRenderer(InterceptionOptions options, bool holdsCalls)
{
    // Filled by the rules themselves: who was stopped, and who connects to the node's ports and asks for names how often. An entry goes when nothing has come for a while.
    // Except "away", which a node fills that stops: it says for how long callers are to try again. The node that comes next writes the table anew, without it.
    private const string Observed =
        """
        set denied { type ifname . ipv4_addr; size 1024; flags dynamic, timeout; timeout 1h; }
        set node_callers { type ipv4_addr . inet_service; size 65535; flags dynamic, timeout; timeout 1m; }
        set name_callers { type ifname . ipv4_addr; size 65535; flags dynamic, timeout; timeout 1m; }
        set away { type inet_proto; flags timeout; }
        set node_connections { type ipv4_addr . inet_service; size 65535; flags dynamic; }

        """;

    private string Table => $"inet {options.TableName}";

    /// <summary>The whole table, in place of whatever is there under its name. Connections that run keep their translation: it lives in conntrack, not in the table.</summary>
    public string Replace(RuleSetModel model)
    {
        var script = new StringBuilder().Append(Remove()).AppendLine().Append("table ").Append(Table).AppendLine(" {");
        foreach (var set in SetSchema.All)
        {
            script.Append(set.Kind).Append(' ').Append(set.Name).Append(" { type ").Append(set.Type).Append("; ");
            if (model[set] is { Count: > 0 } elements)
            {
                AppendElements(script.Append("elements = "), set, elements);
            }

            script.AppendLine(" }");
        }

        foreach (var reason in Enum.GetValues<GuardReason>())
        {
            script.Append("counter ").Append(reason.CounterName()).AppendLine(" { }");
        }

        return script.Append(Observed).Append(RuleChains.Render(options, holdsCalls)).AppendLine("}").ToString();
    }

    /// <summary>Only what changes.</summary>
    public string Change(RuleSetDelta delta)
    {
        var script = new StringBuilder();
        foreach (var change in delta.Changes)
        {
            AppendChange(script, "delete", change.Set, change.Removed);
            AppendChange(script, "add", change.Set, change.Added);
        }

        return script.ToString();
    }

    /// <summary>Lets the callers of services that need the relay try again for so long.</summary>
    public string Away(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"flush set {Table} away\nadd element {Table} away {{ tcp timeout {(long)time.TotalSeconds}s }}\n");

    /// <summary>Takes the table away; also when there is none.</summary>
    public string Remove() => $"add table {Table}\ndelete table {Table}\n";

    private void AppendChange(StringBuilder script, string verb, SetSchema set, IReadOnlyCollection<SetElement> elements)
    {
        if (elements.Count > 0)
        {
            script.Append(verb).Append(" element ").Append(Table).Append(' ').Append(set.Name).Append(' ');
            AppendElements(script, set, elements);
            script.AppendLine();
        }
    }

    private static void AppendElements(StringBuilder script, SetSchema set, IEnumerable<SetElement> elements)
    {
        script.Append("{ ");
        foreach (var element in elements)
        {
            AppendElement(script, set, element);
            script.Append(", ");
        }

        script.Append('}');
    }

    private static void AppendElement(StringBuilder script, SetSchema set, in SetElement element)
    {
        for (var i = 0; i < set.Key.Length; i++)
        {
            script.Append(i == 0 ? "" : " . ");
            _ = set.Key[i] switch
            {
                KeyField.Interface => script.Append('"').Append(element.Interface).Append('"'),
                _ => script.Append(element.Address),
            };
        }

        if (set.IsMap)
        {
            script.Append(" : ").Append(element.Value);
        }
    }
}
