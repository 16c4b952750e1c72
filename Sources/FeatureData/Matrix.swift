/// A dense matrix of single-precision numbers: `rowCount × columnCount`, row-major, without padding.
///
/// Rows are tiles or slides; columns are features or logits.
package struct Matrix: Sendable, Equatable {
  package let rowCount: Int
  package let columnCount: Int
  /// `rowCount * columnCount` values; element (r, c) stands at `r * columnCount + c`.
  package var elements: [Float]

  /// - Precondition: `elements.count == rowCount * columnCount`.
  package init(rowCount: Int, columnCount: Int, elements: [Float]) {
    precondition(elements.count == rowCount * columnCount, "a matrix holds rows × columns values")
    self.rowCount = rowCount
    self.columnCount = columnCount
    self.elements = elements
  }

  /// A matrix of zeros.
  package init(rowCount: Int, columnCount: Int) {
    self.init(
      rowCount: rowCount, columnCount: columnCount,
      elements: [Float](repeating: 0, count: rowCount * columnCount))
  }

  /// Matrices of equally many rows, side by side.
  package init(sideBySide matrices: [Matrix]) {
    let rowCount = matrices.first?.rowCount ?? 0
    let columnCount = matrices.reduce(0) { $0 + $1.columnCount }
    guard matrices.count > 1 else {
      self = matrices.first ?? Matrix(rowCount: 0, columnCount: 0)
      return
    }
    var elements: [Float] = []
    elements.reserveCapacity(rowCount * columnCount)
    for row in 0..<rowCount { for matrix in matrices { elements += matrix.row(row) } }
    self.init(rowCount: rowCount, columnCount: columnCount, elements: elements)
  }

  package subscript(row: Int, column: Int) -> Float {
    get { elements[row * columnCount + column] }
    set { elements[row * columnCount + column] = newValue }
  }

  /// The values of one row.
  package func row(_ index: Int) -> ArraySlice<Float> {
    elements[index * columnCount..<(index + 1) * columnCount]
  }

  /// The values of one column, top to bottom.
  package func column(_ index: Int) -> [Float] {
    (0..<rowCount).map { elements[$0 * columnCount + index] }
  }
}
