package import Slides

/// A result whose tiles can be shown.
package protocol TileSource: Sendable {
  func tiles() throws(WorkflowFailure) -> TileCollection
}

/// Tiles that can be shown, and what is known of them.
package struct TileCollection: Sendable {
  package let provider: any TileProvider
  /// In which regions of interest they lie.
  let regions: TileRegions
  package var annotations: Annotations?
  package var features: FeatureSet?
  /// On which areas are chosen; nil for places on slides.
  package var map: FeatureMap?
  /// By slide, ascending, the numbers of the tiles that there are; nil for all.
  var chosen: [[Int]]?
  /// What the pictures are made from, where that is not what was named.
  var note: String?
}

extension FeatureMap: TileSource {
  package func tiles() -> TileCollection {
    TileCollection(
      provider: FeatureTiles(features), regions: TileRegions(features.study),
      annotations: features.study.project.annotations, features: features, map: self, note: features.cuttingNote)
  }
}

extension FeatureSet: TileSource {
  package func tiles() -> TileCollection {
    TileCollection(
      provider: FeatureTiles(self), regions: TileRegions(study), annotations: study.project.annotations, features: self,
      note: cuttingNote)
  }
}

extension StudyDataset: TileSource {
  package func tiles() -> TileCollection {
    TileCollection(
      provider: DatasetTiles(self), regions: TileRegions(study), annotations: dataset.project.annotations)
  }
}

extension StudySlide: TileSource {
  package func tiles() throws(WorkflowFailure) -> TileCollection {
    guard let tiles = SlideTiles(self) else {
      throw WorkflowFailure(
        "The slide was opened without a tile size, so it has no tiles.",
        remedy: "slide \(slide.name) tile_px=299 tile_um=302")
    }
    return TileCollection(provider: tiles, regions: TileRegions(self))
  }
}
