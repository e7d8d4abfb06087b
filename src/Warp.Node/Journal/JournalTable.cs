using System.Collections.Immutable;

namespace Warp.Node.Journal;

/// <summary>A table of the journal, the same in SQLite and in PostgreSQL but for the types of its columns.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Columns">All columns.</param>
/// <param name="Order">What makes the order of its rows the same in both.</param>
internal sealed record JournalTable(string Name, ImmutableArray<string> Columns, string Order)
{
    /// <summary>All of them: Akka.Persistence.Sql's default tables.</summary>
    public static ImmutableArray<JournalTable> All { get; } =
    [
        new("journal", ["ordering", "created", "deleted", "persistence_id", "sequence_number", "message", "manifest", "identifier", "writer_uuid"], "ordering"),
        new("tags", ["ordering_id", "tag", "sequence_nr", "persistence_id"], "ordering_id, tag"),
        new("snapshot", ["persistence_id", "sequence_number", "created", "snapshot", "manifest", "serializer_id"], "persistence_id, sequence_number"),
    ];

    /// <summary>The columns, for a statement.</summary>
    public string ColumnList => string.Join(", ", Columns);
}
