/// Which tiles of features are chosen so far.
struct TileMask: Sendable, Equatable {
  /// By slide and row.
  private(set) var chosen: [[Bool]]
  private(set) var count: Int

  /// All of them, or none.
  init(tileCounts: [Int], all: Bool) {
    chosen = tileCounts.map { [Bool](repeating: all, count: $0) }
    count = all ? tileCounts.reduce(0, +) : 0
  }

  subscript(_ slide: Int, _ row: Int) -> Bool { chosen[slide][row] }

  /// Slides with a tile that is chosen.
  var slides: [Int] { chosen.indices.filter { chosen[$0].contains(true) } }

  func rows(of slide: Int) -> [Int] { chosen[slide].indices.filter { chosen[slide][$0] } }

  mutating func insert(_ slide: Int, _ row: Int) {
    guard !chosen[slide][row] else { return }
    chosen[slide][row] = true
    count += 1
  }

  /// Keeps of the chosen tiles of a slide those that fit; it is asked of these alone.
  mutating func keep(in slide: Int, _ fits: (_ row: Int) throws -> Bool) rethrows {
    for row in chosen[slide].indices where chosen[slide][row] {
      if try !fits(row) {
        chosen[slide][row] = false
        count -= 1
      }
    }
  }

  mutating func removeAll(of slide: Int) { keep(in: slide) { _ in false } }

  mutating func keep(_ other: TileMask) {
    for slide in chosen.indices { keep(in: slide) { other.chosen[slide][$0] } }
  }

  mutating func remove(_ other: TileMask) {
    for slide in chosen.indices { keep(in: slide) { !other.chosen[slide][$0] } }
  }

  mutating func insert(_ other: TileMask) {
    for slide in chosen.indices {
      for row in chosen[slide].indices where other.chosen[slide][row] { insert(slide, row) }
    }
  }
}

extension SelectedTiles {
  /// These tiles among those of other features, which may be others of the same tiles.
  ///
  /// - Returns: the tiles, and how many are not among those features.
  /// - Throws: `WorkflowFailure` where none is.
  func mask(on other: FeatureSet, name: String, parameter: String) throws(WorkflowFailure) -> (TileMask, absent: Int) {
    let numbers = try groups(name: name).numbers(on: other, parameter: parameter)
    var mask = TileMask(tileCounts: other.slides.map(\.tileCount), all: false)
    for (slide, numbers) in numbers.enumerated() {
      for (row, number) in numbers.enumerated() where number >= 0 { mask.insert(slide, row) }
    }
    return (mask, tileCount - mask.count)
  }
}
