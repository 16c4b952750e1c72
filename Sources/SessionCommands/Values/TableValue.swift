import CommandLanguage
import Rendering

/// A table that a command answered with.
struct TableValue: SessionValue {
  let table: DataTable
  /// Rows that are shown in a cell; `save` writes all.
  let shownRows: Int
  let shape: String
  let names: KnownNames

  var valueType: ValueType { .table }
  var knownNames: KnownNames { names }

  func show(in output: any OutputSink) { output.show(table: table, maximumRows: shownRows) }
}
