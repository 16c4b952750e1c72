import CSIMDKernels
import FeatureData

/// How points attract and repel each other.
struct LayoutForce: Sendable {
  let curve: LayoutCurve
  /// Points that repel for each that attracts.
  var negativeSampleRate = 5
  var repulsionStrength = 1.0
}

/// Moves the points of a layout by stochastic gradient descent on the weights of a graph.
///
/// An edge in use moves both its ends towards each other, in one step and by the same amount, and its head away from
/// vertices drawn at random. Moving each end by itself, even twice as far, is not the same: clusters are torn.
///
/// Edges are worked through in rounds of pairs of blocks; see `EdgeSchedule`. Within a round no two threads move the
/// same vertex, repelling vertices are seen as they stood when the epoch began, and random numbers are hashes of seed,
/// edge and epoch. So there is nothing to lock, and the layout is the same, bit for bit, for any number of threads.
///
/// Sources: McInnes, Healy, Melville, 2018, doi:10.48550/arXiv.1802.03426 (gradient); Gemulla, Nijkamp, Haas,
/// Sismanis, "Large-scale matrix factorization with distributed stochastic gradient descent", 2011,
/// doi:10.1145/2020408.2020426 (rounds of blocks that share nothing).
struct LayoutOptimizer {
  let force: LayoutForce
  let epochs: Int
  let seed: UInt64
  let threads: WorkerThreads

  /// - Parameters:
  ///   - start: n × 2 or n × 3.
  ///   - schedule: Of the graph's edges over `epochs`; it is used up.
  ///   - density: What is to be kept of densities.
  /// - Returns: The layout after all epochs.
  /// - Throws: `WorkInterrupted`.
  /// - Complexity: O(epochs × edges).
  func optimised(
    _ start: Matrix, schedule: inout EdgeSchedule, density: DensityPreservation? = nil, monitor: any WorkMonitor
  ) throws(WorkInterrupted) -> Matrix {
    let (n, dims) = (start.rowCount, start.columnCount)
    var nextEpochs = schedule.takeFirstEpochs()
    if epochs == 0 || schedule.heads.isEmpty { return start }
    var positions = start.elements
    var isInterrupted = false
    schedule.withLayout(
      vertexCount: n, dimensions: dims, force: force, seed: seed, nextEpochs: &nextEpochs
    ) { layout in
      positions.withUnsafeMutableBufferPointer { positions in
        isInterrupted = !run(
          layout, rounds: schedule.rounds, positions: positions, density: density, monitor: monitor)
      }
    }
    if isInterrupted { throw WorkInterrupted() }
    return Matrix(rowCount: n, columnCount: dims, elements: positions)
  }

  /// False if interrupted.
  private func run(
    _ layout: simd_layout, rounds: [[Range<Int>]], positions: UnsafeMutableBufferPointer<Float>,
    density: DensityPreservation?, monitor: any WorkMonitor
  ) -> Bool {
    guard let places = positions.baseAddress else { return true }
    let snapshot = UnsafeMutablePointer<Float>.allocate(capacity: positions.count)
    defer { snapshot.deallocate() }
    snapshot.initialize(from: places, count: positions.count)
    // With a single block there is no other thread to be independent of: repelling vertices are seen where they are, and
    // repel one after the other, which few rows need.
    let seen = rounds.count == 1 ? places : snapshot
    for epoch in 1...epochs {
      if seen != places { seen.update(from: places, count: positions.count) }
      var isWhole = false
      if let density, Double(epoch) > Double(epochs) * (1 - DensityPreservation.share) {
        density.withTerm(places, dimensions: Int(layout.dimensions), curve: force.curve) { term in
          withUnsafePointer(to: term) { term in
            var layout = layout
            layout.densities = term
            isWhole = use(layout, epoch: epoch, rounds: rounds, places: places, seen: seen, monitor: monitor)
          }
        }
      } else {
        isWhole = use(layout, epoch: epoch, rounds: rounds, places: places, seen: seen, monitor: monitor)
      }
      if !isWhole { return false }
      monitor.report(phase: "layout", unit: "epochs", done: epoch, total: epochs)
    }
    return true
  }

  /// Uses the edges that are due in an epoch; false if interrupted.
  private func use(
    _ layout: simd_layout, epoch: Int, rounds: [[Range<Int>]], places: UnsafeMutablePointer<Float>,
    seen: UnsafeMutablePointer<Float>, monitor: any WorkMonitor
  ) -> Bool {
    let step = 1 - Float(epoch - 1) / Float(epochs)
    nonisolated(unsafe) let (layout, places, seen) = (layout, places, seen)
    for pairs in rounds {
      if monitor.isInterrupted { return false }
      threads.forEach(pairs.count) { pair in
        if monitor.isInterrupted { return }
        withUnsafePointer(to: layout) { layout in
          simd_move_along_edges(
            layout, Int32(epoch), step, Int64(pairs[pair].lowerBound), Int64(pairs[pair].upperBound), places, places,
            seen)
        }
      }
    }
    return !monitor.isInterrupted
  }
}
