/// The nearest neighbours of every row, without the row itself.
package struct NeighbourGraph: Sendable, Equatable {
  package let rowCount: Int
  package let neighbourCount: Int
  /// `rowCount × neighbourCount` row numbers, nearest first, equally near ones by row number.
  package let indices: [Int32]
  /// `rowCount × neighbourCount`, in the metric of the search.
  package let distances: [Float]

  /// - Precondition: Both arrays hold `rowCount × neighbourCount` values.
  package init(rowCount: Int, neighbourCount: Int, indices: [Int32], distances: [Float]) {
    precondition(indices.count == rowCount * neighbourCount && distances.count == indices.count)
    self.rowCount = rowCount
    self.neighbourCount = neighbourCount
    self.indices = indices
    self.distances = distances
  }

  /// Without rows.
  static let empty = NeighbourGraph(rowCount: 0, neighbourCount: 0, indices: [], distances: [])

  /// The neighbours of one row, nearest first.
  package func neighbours(of row: Int) -> ArraySlice<Int32> {
    indices[row * neighbourCount..<(row + 1) * neighbourCount]
  }
}
