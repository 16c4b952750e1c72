import CommandLanguage
import Rendering

/// A table that a command answered with.
struct TableValue: SessionValue {
  let table: DataTable
  /// What is shown in a cell where that is less than the whole; `save` writes all.
  let shown: DataTable?
  let shownRows: Int
  let shape: String
  let names: KnownNames

  var valueType: ValueType { .table }
  var knownNames: KnownNames { names }

  func show(in output: any OutputSink) { output.show(table: shown ?? table, maximumRows: shownRows) }
}
