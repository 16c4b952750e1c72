import FeatureData
import Synchronization

/// Ranks candidates by their distance in the full space and keeps the nearest.
struct RankedCandidates {
  let space: MetricSpace
  let neighbourCount: Int

  /// - Throws: `WorkInterrupted`.
  func graph(
    from search: CandidateSearch, candidates: Int, monitor: any WorkMonitor
  ) throws(WorkInterrupted) -> NeighbourGraph {
    let n = space.rows.rowCount
    let k = neighbourCount
    var indices = [Int32](repeating: 0, count: n * k)
    var distances = [Float](repeating: 0, count: n * k)
    if k > 0 {
      let indexPlaces = UnsafeMutableBufferPointer<Int32>.allocate(capacity: n * k)
      let distancePlaces = UnsafeMutableBufferPointer<Float>.allocate(capacity: n * k)
      defer {
        indexPlaces.deallocate()
        distancePlaces.deallocate()
      }
      indexPlaces.initialize(repeating: 0)
      distancePlaces.initialize(repeating: 0)
      try search.forEachRow(candidates: candidates, monitor: monitor) { row, found in
        for (place, neighbour) in nearest(to: row, among: found).enumerated() {
          indexPlaces[row * k + place] = Int32(neighbour.row)
          distancePlaces[row * k + place] = neighbour.distance
        }
      }
      indices = Array(indexPlaces)
      distances = Array(distancePlaces)
    }
    return NeighbourGraph(rowCount: n, neighbourCount: k, indices: indices, distances: distances)
  }

  private func nearest(to row: Int, among candidates: [Int]) -> ArraySlice<(distance: Float, row: Int)> {
    if space.metric == .cosine && space.isZero[row] { return neighboursOfZero(row) }
    var ranked = candidates.map { (distance: space.distance(row, $0), row: $0) }
    ranked.sort { ($0.distance, $0.row) < ($1.distance, $1.row) }
    return ranked.prefix(neighbourCount)
  }

  /// Other rows of zeros first, then, all being equally far, the first rows.
  private func neighboursOfZero(_ row: Int) -> ArraySlice<(distance: Float, row: Int)> {
    var found: [(distance: Float, row: Int)] = []
    for other in space.zeroRows where other != row && found.count < neighbourCount {
      found.append((0, other))
    }
    for other in 0..<space.rows.rowCount where found.count < neighbourCount && !space.isZero[other] {
      found.append((1, other))
    }
    return found[...]
  }
}
