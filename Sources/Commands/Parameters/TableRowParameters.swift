import CommandLanguage
import Rendering

/// Which rows of a table are shown, and in what order.
struct TableRowParameters: ParameterGroup {
  @Parameter(
    "How many rows are shown; left out, the first few. Sorted and chosen they are before that, and a file has all of them.",
    in: 1...1_000_000, referenceNames: ["head", "n", "limit", "rows", "max_rows"])
  var top: Int?
  @Parameter(
    "Columns that rows are sorted by, the first one first: `COLUMN` from low to high, `-COLUMN` from high to low.",
    as: .list(.sortKey(.tableColumn)),
    referenceNames: ["sort_by", "sortby", "order", "order_by", "orderby", "sort_values", "by"])
  var sort: [String]?
  @Parameter(
    "Only rows whose column is so: `{site: A}`, `{site: [A, B]}`, `{p: <0.05}`, `{tiles: 10..<100}`, `{site: !=A}`; all columns must match.",
    name: "where", referenceNames: ["query", "filter", "having"])
  var conditions: ColumnConditions?

  /// Said on the pages of the commands that have them.
  static let discussion =
    "Columns to sort and choose by are those of the table and, where its rows are slides or patients, of the annotations."

  var chooses: Bool { sort != nil || conditions != nil }

  /// What can be known of the table before there is one.
  ///
  /// - Parameters:
  ///   - columns: all that it may have; nil where that is not known.
  ///   - isJoined: its rows are slides or patients.
  static func known(_ input: PeekInput, columns: [String]?, isJoined: Bool) -> KnownNames {
    var known = input.subjectNames ?? KnownNames()
    known.know(tableColumns: columns, isJoined: isJoined)
    known.overridingKeys.insert(NameKind.tableColumn.key)
    return known
  }
}

extension NameKind {
  /// The column that is true of slides, where features were made with one.
  static let truth = NameKind(key: "truth", noun: "column")
}

extension KnownNames {
  mutating func know(tableColumns columns: [String]?, isJoined: Bool) {
    names[NameKind.tableColumn.key] = columns.map { columns in
      var seen: Set<String> = []
      return (columns + (isJoined ? names(of: .column) ?? [] : [])).filter { seen.insert($0).inserted }
    }
  }
}
