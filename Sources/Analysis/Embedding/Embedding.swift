package import FeatureData

/// A map of rows as points, and how it was made.
package struct Embedding: Sendable, Equatable {
  /// Something about the data that a reader of the map should know.
  package enum Note: Sendable, Hashable {
    /// There are too few rows for the neighbours asked for; both count the row itself, as the parameter does.
    case neighboursTruncated(asked: Int, used: Int)
    /// Rows of zeros under cosine, or of one value under correlation.
    case rowsWithoutDirection(count: Int, firstRow: Int)
    /// All rows are alike: places say nothing.
    case noSpread
    /// The neighbour graph is not in one piece, so that it has no single spectral layout.
    case graphInPieces
  }

  /// n × dimensions, the layout as it came out.
  package internal(set) var coordinates: Matrix
  package let parameters: EmbeddingParameters
  /// With the row itself; 0 where none were looked for.
  package internal(set) var neighboursUsed = 0
  package internal(set) var epochsUsed = 0
  package internal(set) var notes: [Note] = []
  /// How neighbours were found; nil if there were none to find.
  package internal(set) var neighbourMethod: NeighbourMethod?
  /// The share of the true neighbours among those that the map was made from, by the distances of the search; estimated
  /// on a sample. nil as above.
  package internal(set) var neighbourRecall: Double?

  package init(coordinates: Matrix, parameters: EmbeddingParameters) {
    self.coordinates = coordinates
    self.parameters = parameters
  }
}

extension Matrix {
  /// Scaled on each axis from minimum and maximum to [0, 1]; nothing is clipped, so that outliers stay visible. An axis
  /// without extent gives 0.5.
  package func scaledToUnit() -> Matrix { scaled(asUnit: self) }

  /// Scaled as `other` would be by `scaledToUnit`.
  package func scaled(asUnit other: Matrix) -> Matrix {
    var result = self
    for axis in 0..<columnCount {
      let values = other.column(axis)
      guard let low = values.min(), let high = values.max() else { continue }
      // Halved so that the extent of a huge layout does not overflow.
      let extent = high / 2 - low / 2
      for row in 0..<rowCount { result[row, axis] = extent > 0 ? (self[row, axis] / 2 - low / 2) / extent : 0.5 }
    }
    return result
  }
}
