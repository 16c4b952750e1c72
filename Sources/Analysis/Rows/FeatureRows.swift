package import FeatureData

/// Rows of equally many numbers, wherever they lie: in one piece of memory, or in the mapped files of many slides.
package struct FeatureRows: @unchecked Sendable {
  package let rowCount: Int
  package let columnCount: Int
  /// By row: its first number.
  let starts: [UnsafePointer<Float>]
  /// Keeps what the rows lie in; nobody writes there.
  private let owners: [AnyObject]

  /// A copy of a matrix.
  package init(_ matrix: Matrix) {
    self.init(rowCount: matrix.rowCount, columnCount: matrix.columnCount) { places in
      matrix.elements.withUnsafeBufferPointer { values in
        if let start = values.baseAddress, let place = places.baseAddress {
          place.update(from: start, count: values.count)
        }
      }
    }
  }

  /// Rows in memory of their own, which `fill` writes, row by row, without padding.
  package init(
    rowCount: Int, columnCount: Int, fill: (UnsafeMutableBufferPointer<Float>) throws -> Void
  ) rethrows {
    let storage = ZeroedStorage<Float>(count: rowCount * columnCount)
    try fill(storage.values)
    let start = UnsafePointer(storage.values.baseAddress)
    self.init(
      columnCount: columnCount, starts: start.map { start in (0..<rowCount).map { start + $0 * columnCount } } ?? [],
      owners: [storage])
  }

  /// Rows that lie elsewhere.
  /// - Parameter owners: What keeps them there, unchanged.
  package init(columnCount: Int, starts: [UnsafePointer<Float>], owners: [AnyObject]) {
    rowCount = starts.count
    self.columnCount = columnCount
    self.starts = starts
    self.owners = owners
  }

  /// Some of the rows, where they lie.
  package func chosen(_ rows: [Int]) -> FeatureRows {
    FeatureRows(columnCount: columnCount, starts: rows.map { starts[$0] }, owners: owners)
  }

  /// Some of the rows, and then those of another.
  package func part(_ range: Range<Int>, followedBy other: FeatureRows? = nil) -> FeatureRows {
    FeatureRows(
      columnCount: columnCount, starts: starts[range] + (other?.starts ?? []), owners: owners + (other?.owners ?? []))
  }

  /// The numbers of a row, for as long as `body` runs.
  package func withRow<Result>(_ row: Int, _ body: (UnsafeBufferPointer<Float>) -> Result) -> Result {
    withExtendedLifetime(self) { body(UnsafeBufferPointer(start: starts[row], count: columnCount)) }
  }
}
