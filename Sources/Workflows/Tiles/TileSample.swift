/// Which tiles a picture shows where there are more than it has room for.
enum TileSample {
  /// A tile of a slide, by its number.
  struct Tile: Equatable {
    let slide: String
    let index: Int
  }

  /// At most so many tiles, spaced evenly over all tiles of all slides in their order.
  static func even(_ slides: [(name: String, tileCount: Int)], count: Int) -> [Tile] {
    let total = slides.reduce(0) { $0 + $1.tileCount }
    let places = even(total, count: count)
    var tiles: [Tile] = []
    var slide = 0
    var start = 0
    for place in places {
      while place >= start + slides[slide].tileCount {
        start += slides[slide].tileCount
        slide += 1
      }
      tiles.append(Tile(slide: slides[slide].name, index: place - start))
    }
    return tiles
  }

  /// At most so many of the numbers from 0, spaced evenly.
  static func even(_ total: Int, count: Int) -> [Int] {
    guard total > count else { return Array(0..<total) }
    return (0..<count).map { ($0 * total + total / 2) / count }
  }
}
