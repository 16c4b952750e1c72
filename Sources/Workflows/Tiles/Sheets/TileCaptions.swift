import FeatureData
import Slides

/// What is written under each tile.
struct TileCaptions {
  let provider: any TileProvider
  let quantities: TileQuantities
  /// False to leave out slide, number and place.
  let showsPlaces: Bool

  func name(of tile: TileChoice.Tile) -> String { "\(provider.slides[tile.slide].name):\(tile.tile)" }

  func lines(of place: TileRanking.Place) -> [String] {
    let tile = place.tile
    var lines = showsPlaces ? [name(of: tile)] : []
    if !place.caption.isEmpty { lines.append(place.caption) }
    if showsPlaces, let location = try? provider.location(slide: tile.slide, tile: tile.tile) {
      lines.append("(\(location.x), \(location.y))")
    }
    let slide = provider.slides[tile.slide].name
    return lines + quantities.captions(slideName: slide, slide: tile.slide, tile: tile.tile)
  }
}
