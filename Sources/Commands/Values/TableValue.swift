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
  /// Whose annotations say more of the slides or patients that rows are of.
  var study: Study?
  /// The outcomes of columns that have an order of their own.
  var outcomes: [String: [String]] = [:]

  var table: DataTable { whole() }

  var knownNames: KnownNames {
    var known = names
    // With columns left out, not all are known.
    let isWhole = !shown.columns.contains { $0.name.hasPrefix("…") }
    known.know(tableColumns: isWhole ? shown.columns.map(\.name) : nil, isJoined: study != nil && shown.rowNames != nil)
    return known
  }

  func show(in output: any OutputSink) {
    output.show(table: shown, maximumRows: shownRows, more: shown.more("top"))
  }
}

extension DataTable {
  /// Of slides or patients, by what they are joined with annotations.
  var rowNames: (column: Int, arePatients: Bool)? {
    for (name, arePatients) in [("slide", false), ("patient", true)] {
      if let column = columns.firstIndex(where: { $0.name == name }) { return (column, arePatients) }
    }
    return nil
  }

  /// How all rows are seen.
  func more(_ parameter: String) -> String {
    "`\(parameter)=\(rows.count + omittedRowCount)` shows all, `save` writes them to a file"
  }
}
