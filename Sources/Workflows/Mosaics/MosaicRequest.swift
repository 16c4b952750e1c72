package import FeatureData
package import Rendering
package import Slides

/// How tiles are laid over a map.
package struct MosaicRequest: Sendable {
  /// Pixels of a tile in the full picture.
  package enum Resolution: String, Sendable, CaseIterable {
    case low, medium
    /// The tile's own.
    case high
  }

  /// Where tiles stand.
  package enum Layout: String, Sendable, CaseIterable {
    /// In the cell of a grid over the map that they lie in; cells without tiles stay empty.
    case map
    /// On a grid of which every cell is filled, neighbours of the map beside each other as far as that goes.
    case grid
  }

  /// Which tile of a cell is shown.
  package enum Selection: String, Sendable, CaseIterable {
    /// The nearest to its middle.
    case nearest
    /// The one whose activations are nearest to the mean of the cell's tiles.
    case centroid
    case first
  }

  /// Stain normalisation of the tiles that are shown.
  package enum Stain: Sendable {
    case method(StainNormalizer.Method, target: StainTarget)
    /// As the model was trained.
    case model
  }

  package var layout = Layout.map
  /// Of the grid; nil for 50, and for fewer where there are few tiles.
  package var columnCount: Int?
  package var resolution = Resolution.medium
  package var selection = Selection.nearest
  /// In widths of a cell: a tile as far from the middle of its cell, or farther, is not shown; nil shows it.
  package var maximumDistance: Double?
  /// How far a tile may lie that fills an empty cell, in cells; nil leaves it empty.
  package var expandedLeniency: Double?
  /// Shows tiles as large as their cells have tiles.
  package var isRelative = false
  /// Slides that stand out; nil for none.
  package var focus: [String]?
  /// Nil for a pale grey.
  package var background: Colour?
  /// Nil shows tiles as they are.
  package var stain: Stain?
  /// Labels to frame tiles by.
  package var outcomes: LabelChoice?
  /// Reads them as numbers; nil where nearly every slide has another number.
  package var useFloat: Bool?
  /// What frames the tiles in place of labels.
  package var prediction: PredictionColour?
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
    return try map.mosaic(request, showing: nil, said: mapped, remarks: remarks, monitor: monitor)
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
    let isShown = points.map { slides.contains($0.slide) }
    if isShown.contains(false) {
      said.append(
        "Shown: tiles of \(slides.count) of \(features.slides.count.counted("slide"))"
          + (request.layout == .map ? "; darker cells are places of the others alone." : "."))
    }
    return try mosaic(request, showing: isShown, said: said, remarks: remarks, monitor: monitor)
  }

  /// Lays pictures of some tiles over the map as it is.
  ///
  /// - Parameters:
  ///   - isShown: one for each point; nil shows all.
  ///   - said: how they were chosen, a sentence each.
  package func mosaic(
    _ request: MosaicRequest, showing isShown: [Bool]?, said: [String], remarks: any RemarkSink,
    monitor: any WorkMonitor
  ) throws -> TileMosaic {
    try Reporting.run {
      let shown = points.indices.filter { isShown?[$0] ?? true }
      guard !shown.isEmpty else { throw WorkflowFailure("No tile of the map is left to show.", parameter: "filters") }
      return try MosaicLaying(
        map: self, shown: shown, isShown: isShown, said: said, request: request, sink: remarks, monitor: monitor
      ).mosaic()
    }
  }
}
