import CommandLanguage
import Slides
import Workflows

/// The size of tiles, where it need not be given.
struct TileSizeParameters: ParameterGroup {
  @Parameter("Side of the tiles in pixels.", in: 1...8192, unit: "px") var tilePx: Int?
  @Parameter("Side of the tiles on the slide, or a magnification (20x).", unit: "µm") var tileUm: TileLength?

  /// Nil where neither part is given.
  var size: TileSize? {
    get throws { try TileSizeRequest(pixels: tilePx, extent: tileUm.map { try $0.extent }).whole() }
  }
}

extension TileLength {
  /// Whole microns, as folders of tiles are named, or a magnification.
  var extent: TileSize.Extent {
    get throws(CommandFailure) {
      switch self {
      case .magnification(let power): return .magnification(power.shortText)
      case .microns(let microns):
        if let whole = Int(exactly: microns) { return .microns(whole) }
        throw CommandFailure("tile_um is a whole number of microns here.", remedy: "tile_um=302", parameter: "tile_um")
      }
    }
  }
}
