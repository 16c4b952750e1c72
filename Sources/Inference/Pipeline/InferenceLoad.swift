/// How fast tiles went through a network, and what kept them from going faster.
package struct InferenceLoad: Sendable {
  /// After the first batch.
  package let tileCount: Int
  package let seconds: Double
  /// Of the time that what computes did so: 1 for always.
  package let busyShare: Double
  /// Of all threads, in reading and decoding all tiles.
  package let loading: ThreadTime
  package let loadedTileCount: Int
  /// Of the threads' time that they waited for results to be written.
  package let storeShare: Double

  package init(
    tileCount: Int, seconds: Double, busyShare: Double, loading: ThreadTime, loadedTileCount: Int, storeShare: Double
  ) {
    self.tileCount = tileCount
    self.seconds = seconds
    self.busyShare = busyShare
    self.loading = loading
    self.loadedTileCount = loadedTileCount
    self.storeShare = storeShare
  }

  package enum Bound: Sendable, Equatable {
    /// The network's arithmetic.
    case network
    /// Decoding, and what else is done to tiles on processor cores before the network.
    case decoding
    /// Reading tiles from their disk.
    case reading
    /// Writing results to the disk of the store.
    case writing
  }

  /// What is never idle bounds a run; of the threads' time the larger part says which of the other three it is.
  package var bound: Bound {
    if busyShare >= 0.85 { return .network }
    if storeShare > 0.5 { return .writing }
    return loading.blocked > 0.5 * loading.wall ? .reading : .decoding
  }

  package var tilesPerSecond: Double { Double(tileCount) / seconds }

  /// Milliseconds of a processor core to load a tile.
  package var loadingMilliseconds: Double { loading.processor * 1000 / Double(max(1, loadedTileCount)) }
}
