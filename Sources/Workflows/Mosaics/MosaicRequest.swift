package import FeatureData
import Rendering

/// How tiles are laid over a map.
package struct MosaicRequest: Sendable {
  /// Pixels of a tile in the full picture.
  package enum Resolution: String, Sendable, CaseIterable {
    case low, medium
    /// The tile's own.
    case high
  }

  /// Which tile of a cell is shown.
  package enum Selection: String, Sendable, CaseIterable {
    /// The nearest to its middle.
    case nearest
    case first
  }

  /// Of the grid; nil for 50, and for fewer where there are few tiles.
  package var columnCount: Int?
  package var resolution = Resolution.medium
  package var selection = Selection.nearest
  /// How far a tile may lie that fills an empty cell, in cells; nil leaves it empty.
  package var expandedLeniency: Double?
  /// Labels to frame tiles by.
  package var outcomes: LabelChoice?
  /// Reads them as numbers; nil where nearly every slide has another number.
  package var useFloat: Bool?
  package var title: String?

  package init() {}
}

extension FeatureSet {
  /// Maps the tiles of the chosen slides and lays their pictures over the map.
  package func mosaic(
    _ request: MosaicRequest = MosaicRequest(), map: MapRequest = MapRequest(),
    of selection: SlideSelection = SlideSelection(), basis: String? = nil, remarks: any RemarkSink,
    monitor: any WorkMonitor
  ) throws -> TileMosaic {
    let map = try self.map(
      map, of: selection, outcomes: request.outcomes, useFloat: request.useFloat, monitor: monitor
    ).adding([basis?.asSentence].compactMap(\.self))
    let slides = Set(map.points.map(\.slide))
    let mapped =
      slides.count == self.slides.count
      ? [] : ["Mapped: \(slides.count) of \(self.slides.count.counted("slide"))."]
    return try TileMosaic.lay(map, slides: slides, said: mapped, request, remarks: remarks, monitor: monitor)
  }
}

extension FeatureMap {
  /// Lays pictures of the tiles of the chosen slides over the map as it is.
  package func mosaic(
    _ request: MosaicRequest = MosaicRequest(), of selection: SlideSelection = SlideSelection(),
    basis: String? = nil, remarks: any RemarkSink, monitor: any WorkMonitor
  ) throws -> TileMosaic {
    let slides = Set(try features.places(of: selection))
    var said = ["Tiles laid over the map as it is."] + [basis?.asSentence].compactMap(\.self)
    let count = points.count { slides.contains($0.slide) }
    if count < points.count {
      said.append(
        "Shown: tiles of \(slides.count) of \(features.slides.count.counted("slide")); darker cells are places of "
          + "the others alone.")
    }
    return try TileMosaic.lay(self, slides: slides, said: said, request, remarks: remarks, monitor: monitor)
  }
}
