import Dispatch
import FeatureData
import Synchronization

/// Reads pictures of tiles in parallel.
enum TileReading {
  /// Pixels that a tile of a contact sheet can show.
  static let side = 360

  static func images(
    of tiles: [TileChoice.Tile], from provider: any TileProvider, side: Int = side, monitor: any WorkMonitor
  ) throws -> [Result<RGBImage, any Error>] {
    let results = Mutex<[Int: Result<RGBImage, any Error>]>([:])
    DispatchQueue.concurrentPerform(iterations: tiles.count) { index in
      let tile = tiles[index]
      let result = Result {
        try monitor.checkInterrupted()
        return try provider.image(slide: tile.slide, tile: tile.tile, side: side)
      }
      let done = results.withLock { results in
        results[index] = result
        return results.count
      }
      monitor.report(phase: "reading tiles", unit: "tiles", done: done, total: tiles.count)
    }
    try monitor.checkInterrupted()
    return results.withLock { results in tiles.indices.compactMap { results[$0] } }
  }
}
