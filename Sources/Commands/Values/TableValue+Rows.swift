import CommandLanguage
import FeatureData
import Rendering
import Slides
import Workflows

extension TableValue {
  /// The table with the rows that are asked for, sorted and cut.
  func choosing(_ asked: TableRowParameters) throws -> TableValue {
    guard asked.chooses else {
      // Rows that were not made to be shown are needed after all.
      let isShort = shown.omittedRowCount > 0 && (asked.top ?? 0) > shown.rows.count
      return with(whole: whole, shown: isShort ? whole().columns(as: shown) : shown, top: asked.top, shape: shape)
    }
    var rows = ArrangedRows(whole(), study: study, outcomes: outcomes)
    let total = rows.table.rows.count
    try rows.choose(asked.conditions, parameter: asked.$conditions.name)
    try rows.sort(asked.sort ?? [], parameter: asked.$sort.name)
    let chosen = rows.chosen
    // What was asked for is shown, too.
    let names = Set(shown.columns.map(\.name))
    var added: [(column: DataTable.Column, cells: [DataTable.Cell])] = []
    for name in rows.used where !names.contains(name) {
      guard let place = chosen.columns.firstIndex(where: { $0.name == name }) else { continue }
      added.append((chosen.columns[place], chosen.cells(of: place)))
    }
    return with(
      whole: { chosen }, shown: chosen.columns(as: shown).adding(added), top: asked.top,
      shape: chosen.rows.count == total ? shape : "\(chosen.rows.count) of \(total) rows")
  }

  /// - Parameter top: as many rows, and not one more; nil for what suits the table.
  private func with(
    whole: @escaping @Sendable () -> DataTable, shown: DataTable, top: Int?, shape: String
  ) -> TableValue {
    TableValue(
      whole: whole, shown: top.map(shown.prefix) ?? shown, shownRows: top ?? shownRows, shape: shape, names: names,
      study: study, outcomes: outcomes)
  }
}

/// Rows of a table while they are chosen and sorted.
private struct ArrangedRows {
  private(set) var table: DataTable
  private let study: Study?
  private let outcomes: [String: [String]]
  private var places: [Int]
  /// What was done, for the caption.
  private var phrases: [String] = []
  /// The columns that were asked for.
  private(set) var used: [String] = []

  init(_ table: DataTable, study: Study?, outcomes: [String: [String]]) {
    self.table = table
    self.study = study
    self.outcomes = outcomes
    places = Array(table.rows.indices)
  }

  var chosen: DataTable {
    let count =
      places.count == table.rows.count ? [] : ["\(places.count) of \(table.rows.count.counted("row"))"]
    let said = (count + phrases).joined(separator: ", ")
    let caption = [table.caption, said].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: "; ")
    return table.choosing(places, caption: caption)
  }

  mutating func choose(_ conditions: ColumnConditions?, parameter: String) throws(CommandFailure) {
    let pairs = conditions?.pairs ?? []
    for (name, conditions) in pairs {
      let cells = try cells(name, written: name, parameter)
      let kept = places.filter { row in
        ValueCondition.hold(conditions, text: cells[row].text, number: cells[row].number)
      }
      if kept.isEmpty, !places.isEmpty {
        try refuse(conditions, of: name, cells, parameter, isAlone: pairs.count == 1)
      }
      places = kept
      phrases.append("\(name) " + ValueCondition.phrase(conditions))
    }
  }

  mutating func sort(_ keys: [String], parameter: String) throws(CommandFailure) {
    var orders: [DataTable.Order] = []
    var said: [String] = []
    for key in keys {
      let isDescending = key.hasPrefix("-") && !has(key)
      let name = isDescending ? String(key.dropFirst()) : key
      var cells = try cells(name, written: key, parameter, among: keys)
      if let outcomes = outcomes[name] { cells = Self.ranked(cells, outcomes) }
      orders.append(DataTable.Order(cells, isDescending: isDescending))
      said.append(name + (isDescending ? " from high to low" : ""))
    }
    guard !orders.isEmpty else { return }
    places = DataTable.sorted(places, by: orders)
    phrases.append("sorted by " + said.joined(separator: ", then "))
  }

  /// Outcomes by their places in an order; others as they are, behind them.
  private static func ranked(_ cells: [DataTable.Cell], _ outcomes: [String]) -> [DataTable.Cell] {
    let places = Dictionary(outcomes.enumerated().map { ($1, $0) }) { first, _ in first }
    return cells.map { cell in
      if case .text(let text) = cell, let place = places[text] { .integer(place) } else { cell }
    }
  }

  private func has(_ name: String) -> Bool { table.columns.contains { $0.name == name } }

  /// Of the table, or of the annotations, which it then has too.
  ///
  /// - Parameter keys: what rows are sorted by, all of it, to be typed again.
  private mutating func cells(
    _ name: String, written: String, _ parameter: String, among keys: [String] = []
  ) throws(CommandFailure) -> [DataTable.Cell] {
    if !used.contains(name) { used.append(name) }
    if let column = table.columns.firstIndex(where: { $0.name == name }) { return table.cells(of: column) }
    if let (column, arePatients) = table.rowNames, let study,
      let values = study.values(of: name, for: table.cells(of: column).map(\.text), arePatients: arePatients)
    {
      let cells = values.map { $0.isEmpty ? DataTable.Cell.missing : .text($0) }
      table = table.adding([(DataTable.Column(name), cells)])
      return cells
    }
    let columns = table.columns.map(\.name).filter { !$0.isEmpty }
    let others = table.rowNames == nil ? [] : study?.project.annotations.columns ?? []
    // `p` for `slide p`.
    let nearest =
      columns.first { $0.hasSuffix(" " + name) } ?? NearestName.nearest(to: name, in: columns + others)
    let sign = written == name ? "" : "-"
    let few = columns.prefix(20).joined(separator: ", ") + (columns.count > 20 ? ", …" : "")
    throw CommandFailure(
      "The table has no column \(name); its columns are \(few)."
        + (others.isEmpty ? "" : " Columns of the annotations can stand here too."),
      remedy: keys.isEmpty
        ? nil
        : nearest.map { nearest in
          let all = keys.map { ScalarSyntax.spelling(of: $0 == written ? sign + nearest : $0) }
          return "sort=" + (all.count == 1 ? all[0] : "[\(all.joined(separator: ", "))]")
        },
      parameter: parameter)
  }

  /// Says what there is where no row is equal to what is asked for; that no number is in a range is an answer.
  ///
  /// - Parameter isAlone: no other condition would be lost by typing this one anew.
  private func refuse(
    _ conditions: [ValueCondition], of name: String, _ cells: [DataTable.Cell], _ parameter: String, isAlone: Bool
  ) throws(CommandFailure) {
    let texts = conditions.compactMap { if case .equal(let text) = $0 { text } else { nil } }
    guard texts.count == conditions.count, let first = texts.first else { return }
    var counts: [String: Int] = [:]
    for row in places { counts[cells[row].text, default: 0] += 1 }
    let known = NaturalOrder.sorted(counts.keys.filter { !$0.isEmpty })
    let few = known.prefix(8).map { "\($0) (\(counts[$0] ?? 0))" }.joined(separator: ", ")
    let asked = texts.map { $0.isEmpty ? "blank" : "\"\($0)\"" }.joined(separator: " or ")
    let nearest = NearestName.nearest(to: first, in: known)
    throw CommandFailure(
      "No row has \(name) \(asked); "
        + (few.isEmpty ? "all are blank." : "there are \(few)\(known.count > 8 ? ", …" : "")."),
      remedy: !isAlone
        ? nearest.map(ScalarSyntax.spelling)
        : nearest.map { "where={\(ScalarSyntax.keySpelling(of: name)): \(ScalarSyntax.spelling(of: $0))}" },
      parameter: parameter)
  }
}
