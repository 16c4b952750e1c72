import FeatureData

extension DataTable {
  /// Cells by which rows are sorted.
  package struct Order: Sendable {
    /// One for each row.
    package let cells: [Cell]
    /// From high to low.
    package let isDescending: Bool

    package init(_ cells: [Cell], isDescending: Bool) {
      self.cells = cells
      self.isDescending = isDescending
    }
  }

  /// The cells of a column, one for each row.
  package func cells(of column: Int) -> [Cell] {
    rows.map { $0.indices.contains(column) ? $0[column] : .missing }
  }

  /// These rows, in this order.
  package func choosing(_ places: [Int], caption: String?) -> DataTable {
    DataTable(columns: columns, rows: places.map { rows[$0] }, caption: caption)
  }

  /// The first rows; the others are counted as left out.
  package func prefix(_ count: Int) -> DataTable {
    guard rows.count > count else { return self }
    return DataTable(
      columns: columns, rows: Array(rows.prefix(count)), caption: caption,
      omittedRowCount: rows.count - count + omittedRowCount)
  }

  /// The columns that another table has, in its order and under its names; what this one lacks, such as "… 3 more", is
  /// filled as it is there.
  package func columns(as other: DataTable) -> DataTable {
    var free = Dictionary(grouping: columns.indices) { columns[$0].name }.mapValues { $0[...] }
    let sources = other.columns.map { free[$0.name]?.popFirst() }
    let rows = rows.map { row in
      sources.enumerated().map { place, source -> Cell in
        guard let source else { return other.rows.first.map { place < $0.count ? $0[place] : .missing } ?? .missing }
        return source < row.count ? row[source] : .missing
      }
    }
    return DataTable(columns: other.columns, rows: rows, caption: caption, omittedRowCount: omittedRowCount)
  }

  /// The same with columns at its end.
  package func adding(_ added: [(column: Column, cells: [Cell])]) -> DataTable {
    guard !added.isEmpty else { return self }
    let rows = rows.enumerated().map { index, row in
      row + Array(repeating: .missing, count: max(0, columns.count - row.count)) + added.map { $0.cells[index] }
    }
    return DataTable(
      columns: columns + added.map(\.column), rows: rows, caption: caption, omittedRowCount: omittedRowCount)
  }

  /// Rows sorted by the first of the orders, equal ones by the next; those that are equal in all keep their places.
  ///
  /// Numbers come by size, and before texts, which come in their natural order; cells without a value come last in either
  /// direction.
  package static func sorted(_ places: [Int], by orders: [Order]) -> [Int] {
    let ranks = orders.map { order in Self.ranks(places.map { order.cells[$0] }) }
    return places.indices.sorted { one, other in
      for (rank, order) in zip(ranks, orders) {
        switch (rank[one], rank[other]) {
        case (nil, nil): continue
        case (nil, _): return false
        case (_, nil): return true
        case (let left?, let right?):
          if left != right { return order.isDescending ? left > right : left < right }
        }
      }
      return one < other
    }.map { places[$0] }
  }

  /// A number for each cell by which they are compared; nil for those without a value.
  private static func ranks(_ cells: [Cell]) -> [Double?] {
    let texts = Set(cells.compactMap { if case .text(let text) = $0, !text.isEmpty { text } else { nil } })
    let isNumeric = texts.allSatisfy { Double($0)?.isFinite == true }
    let natural = isNumeric ? [] : NaturalOrder.sorted(texts)
    let places = Dictionary(uniqueKeysWithValues: natural.enumerated().map { ($1, $0) })
    // Behind all numbers, each at a place of its own.
    func rank(of text: String) -> Double {
      places[text].map { 1e300 * (1 + Double($0) / Double(natural.count)) } ?? .nan
    }
    return cells.map { cell in
      switch cell {
      case .missing: nil
      case .integer(let value): Double(value)
      case .number(let value): value.isNaN ? nil : max(-1e299, min(value, 1e299))
      case .text(let text): text.isEmpty ? nil : isNumeric ? Double(text) : rank(of: text)
      }
    }
  }
}

extension DataTable.Cell {
  /// With all its digits, as in a file; "" for none.
  package var text: String {
    switch self {
    case .text(let text): text
    case .integer(let value): String(value)
    case .number(let value): "\(value)"
    case .missing: ""
    }
  }

  /// Nil for what is no number, or NaN.
  package var number: Double? {
    switch self {
    case .text(let text): Double(text).flatMap { $0.isNaN ? nil : $0 }
    case .integer(let value): Double(value)
    case .number(let value): value.isNaN ? nil : value
    case .missing: nil
    }
  }
}
