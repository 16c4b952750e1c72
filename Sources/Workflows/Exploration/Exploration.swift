import FeatureData
import Slides

/// A map to be looked into: its points and their colours, tiles and slides, and selections among them.
///
/// Everything may be asked from any thread.
package final class Exploration: Sendable {
  package let map: FeatureMap
  /// Tiles that are selected from the beginning.
  package let given: SelectedTiles?
  package let scenes: SlideScenes
  let tiles: FeatureTiles
  let captions: TileLineCache

  /// The place of the slide that is shown first; nil for any.
  package let firstSlide: Int?

  /// - Parameters:
  ///   - given: of features of the same tiles as the map's.
  ///   - slide: that is shown first.
  package init(_ map: FeatureMap, given: SelectedTiles? = nil, slide: String? = nil) {
    self.map = map
    self.given = given
    firstSlide = map.features.slides.firstIndex { $0.name == slide }
    tiles = FeatureTiles(map.features)
    scenes = SlideScenes(map.features, tiles)
    captions = TileLineCache(map)
  }

  /// Gives back what was opened and made for a page that is gone; it is made anew where it is asked for again.
  package func forget() {
    tiles.forget()
    scenes.forget()
    captions.forget()
  }

  package var features: FeatureSet { map.features }

  /// x of each point, then y, in the map's coordinates; NaN where it has none.
  package func coordinates(axis: Int) -> [Float] { map.coordinates.column(axis) }

  /// For each point the place of its slide among those of the features.
  package var slidePlaces: [UInt16] { map.points.map { UInt16(clamping: $0.slide) } }

  /// A slide of the features.
  package struct Slide: Sendable, Equatable {
    package let name: String
    package let patient: String?
    /// Points of the map.
    package let count: Int
    package let picture: SlideScenes.Source?
  }

  package var slides: [Slide] {
    let counts = map.points.reduce(into: [Int](repeating: 0, count: features.slides.count)) { $0[$1.slide] += 1 }
    let annotations = features.study.project.annotations
    return features.slides.indices.map { place in
      let name = features.slides[place].name
      return Slide(
        name: name, patient: annotations.patient(of: name), count: counts[place], picture: scenes.source(of: place))
    }
  }

  /// Why no picture of a tile can be shown; nil where some can.
  package var missingPictures: String? {
    let origins = TileOrigins(features.slides, in: features.study)
    return features.slides.contains { $0.tfrecord != nil } || origins.note != nil ? nil : origins.summary
  }

  /// The points whose tiles are in a selection; of a map of slides those with a tile in it.
  package func points(of selection: SelectedTiles) throws(WorkflowFailure) -> PointSet {
    let (mask, _) = try selection.mask(on: features, name: "selection", parameter: "of")
    if map.isOfSlides {
      let slides = Set(mask.slides)
      return PointSet(count: map.points.count) { slides.contains(map.points[$0].slide) }
    }
    return PointSet(count: map.points.count) { mask[map.points[$0].slide, map.points[$0].row] }
  }
}

/// Some of the points of a map.
package struct PointSet: Sendable, Equatable {
  /// Bit `i & 7` of byte `i >> 3` is point `i`.
  package private(set) var bits: [UInt8]
  package private(set) var count = 0

  init(count: Int, _ contains: (Int) -> Bool) {
    bits = [UInt8](repeating: 0, count: (count + 7) / 8)
    for point in 0..<count where contains(point) {
      bits[point >> 3] |= 1 << UInt8(point & 7)
      self.count += 1
    }
  }

  package func contains(_ point: Int) -> Bool { bits[point >> 3] & (1 << UInt8(point & 7)) != 0 }

  /// Ascending.
  package var points: [Int] {
    var points: [Int] = []
    points.reserveCapacity(count)
    for (place, byte) in bits.enumerated() where byte != 0 {
      for bit in 0..<8 where byte & (1 << UInt8(bit)) != 0 { points.append(place * 8 + bit) }
    }
    return points
  }
}
