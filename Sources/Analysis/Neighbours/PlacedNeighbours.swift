import CSIMDKernels
import FeatureData

/// A graph of neighbours whose rows are in another order than the input's: near ones near each other in memory.
struct PlacedNeighbours: Sendable {
  /// Rows, and neighbours, are places.
  var graph: NeighbourGraph
  /// By place: the row of the input.
  let order: [Int32]

  /// - Parameters:
  ///   - lists: For the rows with a direction, by place, the nearest of them; scores are squared distances.
  ///   - order: Of those rows; the others are appended.
  ///   - count: Neighbours of each row, at most one less than there are rows.
  /// - Throws: `WorkInterrupted`.
  init(
    _ lists: KeyLists, rows: MetricRows, order: [Int32], count: Int, monitor: any WorkMonitor
  ) throws(WorkInterrupted) {
    let n = rows.rowCount
    let without = rows.rowsWithoutDirection
    let m = order.count
    var indices = [Int32](unfilled: n * count)
    var distances = [Float](unfilled: n * count)
    var own: [(distance: Float, place: Int)] = []
    for place in 0..<n {
      if place.isMultiple(of: 4096) { try monitor.checkInterrupted() }
      own.removeAll(keepingCapacity: true)
      if place < m {
        let list = lists.list(place)
        for entry in 0..<min(count, lists.capacity) {
          own.append((rows.distance(fromSquared: simd_score_of_key(list[entry])), KeyLists.row(list[entry])))
        }
        // Rows without a direction are at 1 from all others; which of them, should not be the same for all.
        let taken = min(without.count, count)
        if taken > 0 && (own.count < count || own[count - 1].distance > 1) {
          own += (0..<taken).map { (1, m + (taken == without.count ? $0 : (place + $0) % without.count)) }
          own.sort { ($0.distance, $0.place) < ($1.distance, $1.place) }
        }
      } else {
        let others = min(without.count - 1, count)
        own += (1..<others + 1).map { (0, m + (place - m + $0) % without.count) }
        own += (0..<max(0, count - others)).map { (1, $0) }
      }
      for entry in 0..<count {
        indices[place * count + entry] = Int32(own[entry].place)
        distances[place * count + entry] = own[entry].distance
      }
    }
    graph = NeighbourGraph(rowCount: n, neighbourCount: count, indices: indices, distances: distances)
    self.order = order + without.map(Int32.init)
  }

  /// The graph in the input's order; equally near neighbours by row number.
  func byRow() -> NeighbourGraph {
    let k = graph.neighbourCount
    var indices = graph.indices
    var distances = graph.distances
    var own: [(distance: Float, row: Int32)] = []
    for place in order.indices {
      let row = Int(order[place])
      own.removeAll(keepingCapacity: true)
      for entry in place * k..<(place + 1) * k {
        own.append((graph.distances[entry], order[Int(graph.indices[entry])]))
      }
      own.sort { ($0.distance, $0.row) < ($1.distance, $1.row) }
      for entry in 0..<k {
        indices[row * k + entry] = own[entry].row
        distances[row * k + entry] = own[entry].distance
      }
    }
    return NeighbourGraph(rowCount: order.count, neighbourCount: k, indices: indices, distances: distances)
  }
}

extension MetricRows {
  /// Ascending.
  var rowsWithDirection: [Int] {
    if rowsWithoutDirection.isEmpty { return Array(0..<rowCount) }
    let without = Set(rowsWithoutDirection)
    return (0..<rowCount).filter { !without.contains($0) }
  }
}
