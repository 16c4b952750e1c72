/// The tiles of features among which some are looked for.
struct TileCandidates: Sendable {
  /// For each slide its tiles; nil stands for all.
  let rows: [[Int]?]
  let counts: [Int]

  init(rows: [[Int]?], tileCounts: [Int]) {
    self.rows = rows
    counts = zip(rows, tileCounts).map { $0?.count ?? $1 }
  }

  /// Those with finite numbers, and a sentence about the others.
  func finite(
    _ features: FeatureSet, _ numbers: FeatureSet.Numbers
  ) -> (candidates: TileCandidates, leftOut: String?) {
    let chosen = counts.indices.filter { counts[$0] > 0 }
    guard let leftOut = features.leftOut(of: chosen, numbers) else { return (self, nil) }
    let finite = rows.indices.map { slide -> [Int]? in
      guard counts[slide] > 0 else { return rows[slide] }
      let usable = features.usableRows(of: slide, numbers)
      if usable.count == features.slides[slide].tileCount { return rows[slide] }
      guard let own = rows[slide] else { return usable }
      let allowed = Set(usable)
      return own.filter(allowed.contains)
    }
    return (TileCandidates(rows: finite, tileCounts: features.slides.map(\.tileCount)), leftOut)
  }

  func row(_ slide: Int, _ place: Int) -> Int { rows[slide]?[place] ?? place }
  func tile(_ slide: Int, _ place: Int) -> TileChoice.Tile { .init(slide: slide, tile: row(slide, place)) }
}
