import CommandLanguage
import Workflows

/// Which tiles are shown.
struct TileChoiceParameters: ParameterGroup {
  @Parameter("Only tiles of this slide.", as: .name(.slide)) var slide: String?
  @Parameter("Tiles of each slide, by number.", in: 0...1_000_000_000) var tiles: RangeOrList<Int>?
  @Parameter(
    "[x0, y0, x1, y1]: tiles whose centre lies there; in pixels of level 0 from the corner of the whole slide, as OpenSlide "
      + "counts them, on a map in its coordinates.",
    as: .list(.number(-1e9...1e9)))
  var area: [Double]?

  @Parameter("Only tiles whose centre lies in a region of interest of these classes, or names where there is no class.")
  var region: [String]?

  var asked: TileChoice.Asked {
    TileChoice.Asked(slide: slide, numbers: tiles?.tileNumbers, area: area, regions: region)
  }
}

extension RangeOrList<Int> {
  var tileNumbers: TileChoice.Numbers {
    switch self {
    case .range(let range): .range(range)
    case .list(let list): .list(list)
    }
  }
}
