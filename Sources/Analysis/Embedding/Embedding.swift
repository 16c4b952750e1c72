package import FeatureData

/// A map of rows as points, and how it was made.
package struct Embedding: Sendable, Equatable {
  /// Something about the data that a reader of the map should know.
  package enum Note: Sendable, Hashable {
    /// There are too few rows for the neighbours asked for; both count the row itself, as the parameter does.
    case neighboursTruncated(asked: Int, used: Int)
    /// Rows of zeros, which have no direction under cosine.
    case zeroVectors(count: Int, firstRow: Int)
    /// All rows are alike: places say nothing.
    case noSpread
  }

  /// n × dimensions, the layout as it came out.
  package let coordinates: Matrix
  package let parameters: UMAP.Parameters
  /// With the row itself.
  package let neighboursUsed: Int
  package let epochsUsed: Int
  package let notes: [Note]

  package init(
    coordinates: Matrix, parameters: UMAP.Parameters, neighboursUsed: Int, epochsUsed: Int, notes: [Note]
  ) {
    self.coordinates = coordinates
    self.parameters = parameters
    self.neighboursUsed = neighboursUsed
    self.epochsUsed = epochsUsed
    self.notes = notes
  }

  /// The coordinates scaled on each axis from minimum and maximum to [0, 1]; nothing is clipped, so that outliers stay
  /// visible. An axis without extent gives 0.5.
  package func normalised() -> Matrix {
    var result = coordinates
    for axis in 0..<coordinates.columnCount {
      let values = coordinates.column(axis)
      guard let low = values.min(), let high = values.max() else { continue }
      // Halved so that the extent of a huge layout does not overflow.
      let extent = high / 2 - low / 2
      for row in values.indices {
        result[row, axis] = extent > 0 ? min(1, max(0, (values[row] / 2 - low / 2) / extent)) : 0.5
      }
    }
    return result
  }
}
