/// The tiles with the least scores among those that it is shown, at most so many of them.
///
/// The result does not depend on the order in which tiles are shown, so blocks can be gone through in parallel.
struct BestTiles {
  struct Candidate: Equatable, Comparable {
    let score: Float
    /// Decides between equal scores; different for every tile.
    let order: UInt64
    let tile: TileChoice.Tile

    static func < (a: Candidate, b: Candidate) -> Bool { (a.score, a.order) < (b.score, b.order) }
  }

  let count: Int
  /// Ascending.
  private(set) var best: [Candidate] = []

  init(count: Int) { self.count = count }

  /// True where a score is low enough to be taken, if the tile's order does not stand against it.
  func mayTake(_ score: Float) -> Bool {
    guard score == score, count > 0 else { return false }
    return best.count < count || score <= best[best.count - 1].score
  }

  /// - Complexity: O(count) for a tile that is taken, O(1) for others.
  mutating func show(_ candidate: Candidate) {
    guard mayTake(candidate.score) else { return }
    if best.count == count, let last = best.last {
      guard candidate < last else { return }
      best.removeLast()
    }
    var place = best.endIndex
    while place > 0, candidate < best[place - 1] { place -= 1 }
    best.insert(candidate, at: place)
  }

  mutating func merge(_ other: BestTiles) {
    for candidate in other.best { show(candidate) }
  }
}

extension TileChoice.Tile {
  /// By slide and number.
  var inOrder: UInt64 { UInt64(slide) << 40 | UInt64(tile) }

  /// An order without any, the same every time: of tiles that are all alike it takes some from everywhere.
  var shuffled: UInt64 {
    // The finishing steps of SplitMix64, one to one. https://doi.org/10.1145/2660193.2660195
    var mixed = inOrder &+ 0x9E37_79B9_7F4A_7C15
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
