import CommandLanguage
import Rendering
import Workflows

/// A table that a command answered with.
struct TableValue: TypedValue, Tabular {
  static let declaration = ValueTypeDeclaration(
    ValueType("Table"), phrase: "a table", summary: "Rows and columns.", savedAs: fileExtensions)

  /// The whole table, made when it is saved: it may be far larger than what is shown.
  let whole: @Sendable () -> DataTable
  /// What a cell shows of it.
  let shown: DataTable
  let shownRows: Int
  let shape: String
  let names: KnownNames

  var table: DataTable { whole() }
  var knownNames: KnownNames { names }

  func show(in output: any OutputSink) { output.show(table: shown, maximumRows: shownRows) }
}
