import FeatureData
import FeatureStore
package import Rendering
import Slides

/// Tiles of features that are painted on the picture of their slide: selections, or clusters.
package struct ShownTiles: Sendable {
  package let groups: [SlideFigure.TileGroup]
  /// Of level 0, along a tile.
  package let sidePixels: Int
  /// What is painted.
  package let sentence: String

  /// - Throws: `WorkflowFailure` where there are no tiles of the slide, or nothing says how large they are, with the parameter
  ///   `show`.
  package init(_ asked: [TileGroups], on slide: StudySlide) throws(WorkflowFailure) {
    let name = slide.slide.name
    var groups: [SlideFigure.TileGroup] = []
    var sides: Set<Int> = []
    for asked in asked {
      let features = asked.features
      guard let place = features.slides.firstIndex(where: { $0.name == name }),
        asked.numbers[place].contains(where: { $0 >= 0 })
      else {
        let others = features.slides.indices.filter { place in asked.numbers[place].contains { $0 >= 0 } }
          .map { features.slides[$0].name }
        throw WorkflowFailure(
          "The \(asked.label) has no tile of slide \(name); it has tiles of \(others.prefix(6).joined(separator: ", "))"
            + (others.count > 6 ? ", …." : "."), parameter: "show")
      }
      let stored = features.slides[place].stored
      guard let corners = stored.corners, let side = corners.sidePixels else {
        throw features.slides[place].gap?.failure(name) ?? TileOrigins.Gap.extents.failure(name)
      }
      try corners.checkSize(of: slide.slide)
      sides.insert(side)
      for (number, group) in asked.names.enumerated() {
        let own = asked.numbers[place].indices.filter { asked.numbers[place][$0] == Int32(number) }
        guard !own.isEmpty else { continue }
        groups.append(
          SlideFigure.TileGroup(
            name: asked.label == "selection" ? group : "\(asked.label) \(group)",
            colour: Palette.categorical(groups.count),
            mark: .tint,
            corners: own.map { SIMD2(Int32(clamping: corners.corners[$0].x), Int32(clamping: corners.corners[$0].y)) }))
      }
    }
    guard sides.count == 1, let side = sides.first else {
      throw WorkflowFailure(
        "The tiles are of different sizes on the slide: \(sides.sorted().map { "\($0)" }.joined(separator: ", ")) pixels of level "
          + "0. They are painted one after the other.", parameter: "show")
    }
    self.groups = groups
    sidePixels = side
    sentence =
      "Painted: " + groups.map { "\($0.name) (\($0.corners.count.counted("tile")))" }.joined(separator: ", ")
      + ", of \(side) px of level 0."
  }
}
