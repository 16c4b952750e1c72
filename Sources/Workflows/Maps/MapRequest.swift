package import Analysis
package import FeatureData
import Slides

/// How tiles, or slides, are laid out.
package struct MapRequest: Sendable {
  /// What a slide is shown by, when one point stands for a whole slide.
  package enum SlidePoint: String, Sendable, CaseIterable {
    /// The tile nearest to the mean of its slide, placed by its own activations.
    case centroid
    /// That tile, placed by the mean activations of its slide.
    case average
  }

  package var parameters = EmbeddingParameters()
  /// Takes as many neighbours as fit the number of points, at most those of the parameters: as the commands do where
  /// nobody says how many.
  package var choosesNeighbours = false
  /// Tiles that the map is fitted to, where there are more: the others are placed on it. Nil fits it to all.
  package var fitTiles: Int?
  /// Labels by which the map is to part tiles as well.
  package var target: LabelChoice?
  /// Reads activations from the store's files instead of holding them in memory; the map is the same.
  package var readsFromFiles = false
  /// A file in which the map is kept.
  package var cachePath: String?
  /// A map of other features, on which tiles are placed.
  package var base: FeatureMap?
  /// Nil for all tiles.
  package var slidePoint: SlidePoint?
  /// Two outcomes, by number or name: tiles are placed by their predictions.
  package var axes: [String]?
  /// The first tiles of each slide; 0 takes all.
  package var maxTiles = 0

  package init() {}
}

extension FeatureSet {
  /// Maps the tiles of the chosen slides.
  ///
  /// - Parameters:
  ///   - outcomes: labels to colour by; left out, those that the features were made with.
  ///   - useFloat: reads them as numbers; nil where nearly every slide has another number.
  package func map(
    _ request: MapRequest = MapRequest(), of selection: SlideSelection = SlideSelection(),
    outcomes: LabelChoice? = nil, useFloat: Bool? = nil, monitor: any WorkMonitor
  ) throws -> FeatureMap {
    try Reporting.run {
      var map = try MapMaking(
        features: self, slides: try places(of: selection), labels: try self.outcomes(outcomes, useFloat: useFloat),
        request: request, monitor: monitor
      ).run()
      map.isOfSlides = request.slidePoint != nil && request.base == nil && request.axes == nil
      return map
    }
  }

  /// The places of the chosen slides.
  package func places(of selection: SlideSelection) throws -> [Int] {
    let kept = try selection.chosen(from: Array(slides.indices), study.project.annotations) { slides[$0].name }
    guard !kept.isEmpty else {
      throw WorkflowFailure(
        "No slide of the features is left.", parameter: selection.filters.isEmpty ? "dataset" : "filters")
    }
    return kept
  }
}
