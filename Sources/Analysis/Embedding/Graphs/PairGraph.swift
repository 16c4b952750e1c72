import CSIMDKernels
import FeatureData

/// The pairs of a sample from both their ends: for each vertex all vertices that it is paired with.
///
/// A pair that was chosen by both its rows stands there twice. With both ends a vertex can be moved by itself, without
/// writing to another's place.
struct PairGraph: Sendable {
  let rowCount: Int
  /// n + 1 offsets into the partners, multiples of 8.
  private(set) var starts: [Int64]
  /// For each vertex its neighbours, then the further ones, then the mid-near ones, then the vertex itself as padding.
  private(set) var partners: [Int32]
  /// By vertex: how many partners are neighbours.
  private(set) var neighbourEnds: [Int32]
  /// By vertex: how many partners are neighbours or further ones.
  private(set) var furtherEnds: [Int32]
  /// By vertex: how many partners there are without padding.
  private(set) var ends: [Int32]

  /// - Throws: `WorkInterrupted`.
  /// - Complexity: O(pairs).
  init(_ sample: PairSample, monitor: any WorkMonitor) throws(WorkInterrupted) {
    let n = sample.rowCount
    rowCount = n
    let lists = [
      (sample.neighbours, sample.counts.neighbours), (sample.further, sample.counts.further),
      (sample.midNear, sample.counts.midNear),
    ]
    // By kind, where the partners of each vertex end.
    var endsByKind: [[Int32]] = []
    var counts = [Int32](repeating: 0, count: n)
    for (others, perRow) in lists {
      for row in 0..<n {
        counts[row] += Int32(perRow)
        if row.isMultiple(of: 1024) { try monitor.checkInterrupted() }
        for place in row * perRow..<(row + 1) * perRow { counts[Int(others[place])] += 1 }
      }
      endsByKind.append(counts)
    }
    (neighbourEnds, furtherEnds, ends) = (endsByKind[0], endsByKind[1], endsByKind[2])
    var starts: [Int64] = [0]
    starts.reserveCapacity(n + 1)
    var total: Int64 = 0
    for count in counts {
      total += (Int64(count) + 7) / 8 * 8
      starts.append(total)
    }
    self.starts = starts
    partners = [Int32](unfilled: Int(total))
    var next = starts
    for (others, perRow) in lists {
      for row in 0..<n {
        if row.isMultiple(of: 1024) { try monitor.checkInterrupted() }
        for place in row * perRow..<(row + 1) * perRow {
          let other = Int(others[place])
          partners[Int(next[row])] = Int32(other)
          next[row] += 1
          partners[Int(next[other])] = Int32(row)
          next[other] += 1
        }
      }
    }
    for row in 0..<n {
      for place in Int(next[row])..<Int(starts[row + 1]) { partners[place] = Int32(row) }
    }
  }

  /// The derivatives of the loss by the places of some vertices.
  ///
  /// - Parameters:
  ///   - positions: n × `dimensions`, where all vertices are.
  ///   - gradients: `vertices.count` × `dimensions`, written.
  /// - Complexity: O(partners of the vertices).
  func writeGradients(
    of vertices: Range<Int>, weights: PairWeights, positions: UnsafePointer<Float>, dimensions: Int,
    to gradients: UnsafeMutablePointer<Float>
  ) {
    let kernelWeights = simd_pair_weights(
      neighbours: weights.neighbours, mid_near: weights.midNear, further: weights.further)
    starts.withUnsafeBufferPointer { starts in
      partners.withUnsafeBufferPointer { partners in
        neighbourEnds.withUnsafeBufferPointer { neighbourEnds in
          furtherEnds.withUnsafeBufferPointer { furtherEnds in
            var pairs = simd_pairs(
              starts: starts.baseAddress, partners: partners.baseAddress, neighbour_ends: neighbourEnds.baseAddress,
              further_ends: furtherEnds.baseAddress, dimensions: Int32(dimensions))
            simd_pair_gradients(
              &pairs, kernelWeights, Int64(vertices.lowerBound), Int64(vertices.upperBound), positions, gradients)
          }
        }
      }
    }
  }
}

/// How much each kind of pair counts in the loss.
///
/// With D = 1 + squared distance on the map a pair of neighbours loses D / (10 + D), a mid-near pair D / (10,000 + D)
/// and a further pair 1 / (1 + D).
struct PairWeights: Sendable, Hashable {
  var neighbours: Float
  var midNear: Float
  var further: Float
}
