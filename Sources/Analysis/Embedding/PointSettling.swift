import CSIMDKernels
import FeatureData

/// Finds the places of points among those of a map, one after the other; for one thread.
final class PointSettling {
  private let mapped: Matrix
  /// By place of a neighbour: its row on the map.
  private let order: [Int32]
  private let rows: MetricRows
  private let force: LayoutForce
  private let seed: UInt64
  private let epochs: Int
  private let firstStep: Float
  /// Zeros: the point is the only head.
  private let heads: UnsafeMutablePointer<Int32>
  private let near: UnsafeMutablePointer<Int32>
  /// Of each neighbour: its distance, its weight, the epochs between two uses of its edge, and the next use.
  private let (distances, weights, periods, next): (Numbers, Numbers, Numbers, Numbers)
  private typealias Numbers = UnsafeMutablePointer<Float>

  init(
    mapped: Matrix, order: [Int32], rows: MetricRows, count: Int, force: LayoutForce, seed: UInt64, epochs: Int,
    firstStep: Float
  ) {
    self.mapped = mapped
    self.order = order
    self.rows = rows
    self.force = force
    self.seed = seed
    self.epochs = epochs
    self.firstStep = firstStep
    heads = .allocate(capacity: max(1, 2 * count))
    heads.initialize(repeating: 0, count: max(1, 2 * count))
    near = heads + count
    distances = .allocate(capacity: max(1, 4 * count))
    distances.initialize(repeating: 0, count: max(1, 4 * count))
    (weights, periods, next) = (distances + count, distances + 2 * count, distances + 3 * count)
  }

  deinit {
    heads.deallocate()
    distances.deallocate()
  }

  /// - Parameters:
  ///   - list: The keys of the nearest mapped rows by place, ascending; scores are squared distances.
  ///   - place: Written.
  func settle(_ list: UnsafePointer<UInt64>, count k: Int, at place: UnsafeMutablePointer<Float>) {
    let dims = mapped.columnCount
    for entry in 0..<k {
      near[entry] = order[KeyLists.row(list[entry])]
      distances[entry] = rows.distance(fromSquared: simd_score_of_key(list[entry]))
    }
    let twins = (0..<k).prefix { distances[$0] == 0 }.count
    let used = twins > 0 ? twins : k
    if twins == 0 {
      let mean = (0..<k).reduce(into: Float(0)) { $0 += distances[$1] } / Float(max(1, k))
      simd_smooth_weights(distances, Int64(k), mean, weights)
    } else {
      for entry in 0..<used { weights[entry] = 1 }
    }
    let total = (0..<used).reduce(into: Float(0)) { $0 += weights[$1] }
    for axis in 0..<dims {
      place[axis] =
        (0..<used).reduce(into: Float(0)) { $0 += weights[$1] * mapped[Int(near[$1]), axis] } / total
    }
    if twins > 0 { return }
    let heaviest = (0..<k).reduce(into: Float(0)) { $0 = max($0, weights[$1]) }
    let seed = SplitMix64.mix(seed ^ UInt64(near[0]))
    for entry in 0..<k {
      periods[entry] = heaviest / max(weights[entry], heaviest / Float(10 * epochs))
      next[entry] = 1 + periods[entry] * Float(SplitMix64.mix(seed &+ UInt64(entry)) >> 40) * 0x1p-24
    }
    mapped.elements.withUnsafeBufferPointer { mapped in
      var layout = simd_layout(
        heads: heads, tails: near, periods: periods, next_epochs: next, vertex_count: Int32(mapped.count / dims),
        dimensions: Int32(dims), a: Float(force.curve.a), b: Float(force.curve.b),
        negatives: Int32(force.negativeSampleRate), repulsion: Float(force.repulsionStrength), seed: seed,
        moves_tails: 0, densities: nil)
      // Tails stand still: nothing is written there.
      let tails = UnsafeMutablePointer(mutating: mapped.baseAddress)
      for epoch in 1...epochs {
        let step = firstStep * (1 - Float(epoch - 1) / Float(epochs))
        simd_move_along_edges(&layout, Int32(epoch), step, 0, Int64(k), place, tails, mapped.baseAddress)
      }
    }
  }
}
