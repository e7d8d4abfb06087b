using System.Globalization;
using Acornima.Ast;
using SyntaxNode = Acornima.Ast.Node;

namespace Warp.Node.Cli.Configuration.Scripts;

/// <summary>Finds out from a file's syntax where the attributes of its object literals are written.</summary>
internal static class ScriptPlaces
{
    private const int MaxDepth = 32;

    public static ConfigPlaces Of(SyntaxNode program)
    {
        var places = new ConfigPlaces();
        var open = new Stack<SyntaxNode>([program]);
        while (open.TryPop(out var node))
        {
            if (node is ObjectExpression or ArrayExpression)
            {
                Add(places, node, "", 0);
                continue;
            }

            foreach (var child in node.ChildNodes)
            {
                open.Push(child);
            }
        }

        return places;
    }

    private static void Add(ConfigPlaces places, SyntaxNode node, string path, int depth)
    {
        if (depth > MaxDepth)
        {
            return;
        }

        switch (node)
        {
            case ObjectExpression literal:
                foreach (var property in literal.Properties.OfType<Property>().Where(property => !property.Computed))
                {
                    var name = property.Key switch
                    {
                        Identifier identifier => identifier.Name,
                        Literal key => Convert.ToString(key.Value, CultureInfo.InvariantCulture) ?? "",
                        _ => "",
                    };
                    var here = path.Length == 0 ? name : $"{path}.{name}";
                    places.Add(here, new ConfigPlace(property.Location.Start.Line, property.Location.Start.Column + 1));
                    Add(places, property.Value, here, depth + 1);
                }

                break;
            case ArrayExpression list:
                for (var i = 0; i < list.Elements.Count; i++)
                {
                    if (list.Elements[i] is { } element)
                    {
                        Add(places, element, string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"), depth + 1);
                    }
                }

                break;
        }
    }
}
