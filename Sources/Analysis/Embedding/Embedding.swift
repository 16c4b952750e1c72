package import FeatureData

/// A map of rows as points, and how it was made.
package struct Embedding: Sendable, Equatable {
  /// Something about the data that a reader of the map should know.
  package enum Note: Sendable, Hashable {
    /// There are too few rows for the neighbours asked for; both count the row itself, as the parameter does.
    case neighboursTruncated(asked: Int, used: Int)
    /// Rows of zeros under cosine, or of one value under correlation.
    case rowsWithoutDirection(count: Int, firstRow: Int)
    /// How many rows are equal to another.
    case copies(count: Int)
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
  /// Principal components that distances were taken on; nil for the rows as they are.
  package internal(set) var componentsUsed: Int?
  /// How neighbours were found; nil if there were none to find.
  package internal(set) var neighbourMethod: NeighbourMethod?
  /// The share of the true neighbours, by the metric that was asked for, among those that the map was made from;
  /// estimated on a sample. nil as above.
  package internal(set) var neighbourRecall: Double?

  package init(coordinates: Matrix, parameters: EmbeddingParameters) {
    self.coordinates = coordinates
    self.parameters = parameters
  }
}

extension Matrix {
  /// Brought into the middle of the unit square or cube by one factor for all axes, so that the longest axis fills 0 to 1
  /// and distances keep their proportions; nothing is clipped, so that outliers stay visible. Points of no extent lie at
  /// 0.5.
  package func scaledToUnit() -> Matrix { scaled(asUnit: self) }

  /// Scaled as `other` would be by `scaledToUnit`.
  package func scaled(asUnit other: Matrix) -> Matrix {
    let ranges = (0..<columnCount).map { axis in
      let values = other.column(axis)
      return (low: Double(values.min() ?? 0), high: Double(values.max() ?? 0))
    }
    let extent = ranges.map { $0.high - $0.low }.max() ?? 0
    var result = self
    for (axis, range) in ranges.enumerated() {
      let middle = range.low + (range.high - range.low) / 2
      for row in 0..<rowCount {
        result[row, axis] = extent > 0 ? Float((Double(self[row, axis]) - middle) / extent + 0.5) : 0.5
      }
    }
    return result
  }
}
