/// How often each category of one kind occurs with each of another.
package struct CrossTable: Sendable, Equatable {
  /// Rows of counts, one for each category of the first kind.
  package let counts: [[Int]]

  /// - Parameters:
  ///   - rows: Categories of the first kind, from 0, one for each case.
  ///   - columns: Of the second kind.
  package init(rows: [Int], columns: [Int], rowCount: Int, columnCount: Int) {
    var counts = [[Int]](repeating: [Int](repeating: 0, count: columnCount), count: rowCount)
    for (row, column) in zip(rows, columns) { counts[row][column] += 1 }
    self.counts = counts
  }

  /// Cramér's V, 0 where the two are independent and 1 where each row says what the column is, or each column what the
  /// row is; nil with fewer than two rows or columns that occur.
  ///
  /// Source: Cramér, "Mathematical methods of statistics", 1946, section 21.9.
  package var cramersV: Double? {
    let rowSums = counts.map { Double($0.reduce(0, +)) }
    let columnSums = (0..<(counts.first?.count ?? 0)).map { column in Double(counts.reduce(0) { $0 + $1[column] }) }
    let total = rowSums.reduce(0, +)
    let smaller = min(rowSums.count { $0 > 0 }, columnSums.count { $0 > 0 })
    guard smaller > 1 else { return nil }
    var chiSquared = 0.0
    for (row, rowSum) in rowSums.enumerated() where rowSum > 0 {
      for (column, columnSum) in columnSums.enumerated() where columnSum > 0 {
        let expected = rowSum * columnSum / total
        let difference = Double(counts[row][column]) - expected
        chiSquared += difference * difference / expected
      }
    }
    return min(1, (chiSquared / total / Double(smaller - 1)).squareRoot())
  }

  /// Cases that would have to be of another column for each row to have one only.
  package var exceptionCount: Int { counts.reduce(0) { $0 + $1.reduce(0, +) - ($1.max() ?? 0) } }
}
