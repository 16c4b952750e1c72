import Analysis
package import FeatureData
import Foundation
import Slides
import Synchronization

/// What is known of the tile of one point.
package struct TileCard: Sendable, Equatable {
  package let slide: String
  package let patient: String?
  /// The tile's number on its slide, by which statements name it.
  package let tile: Int
  /// Its centre, in pixels of level 0.
  package let place: TileLocation?
  /// A name and a value each: labels, the prediction, what the map is coloured by.
  package let lines: [Line]

  package struct Line: Sendable, Equatable {
    package let name: String
    package let value: String
  }
}

extension Exploration {
  /// - Parameters:
  ///   - point: 0 ..< points of the map.
  ///   - choice: what the map is coloured by, which is told too.
  package func card(of point: Int, colouredBy choice: ColourChoice?) -> TileCard {
    let place = map.points[point]
    let slide = features.slides[place.slide].name
    return TileCard(
      slide: slide, patient: features.study.project.annotations.patient(of: slide), tile: place.row,
      place: tiles.location(slide: place.slide, tile: place.row),
      lines: captions.lines(of: place, slide: slide, colouredBy: choice))
  }

  /// The tile of a point as a JPEG file of about `side` pixels.
  ///
  /// - Throws: `WorkflowFailure` where it cannot be shown.
  package func picture(of point: Int, side: Int) throws -> [UInt8] {
    let place = map.points[point]
    return try Reporting.run {
      try TileEncoder().jpeg(tiles.image(slide: place.slide, tile: place.row, side: side), quality: 85)
    }
  }

  /// The points whose tiles are nearest to that of one by the cosine distance of their activations.
  ///
  /// - Returns: points and distances, nearest first, and a sentence about tiles that have none.
  package func nearest(
    to point: Int, count: Int, monitor: any WorkMonitor
  ) throws -> (points: [(point: Int, distance: Double)], note: String?) {
    let asked = map.points[point]
    let counts = features.slides.map(\.tileCount)
    var rows: [[Int]?] = counts.map { _ in [] }
    for point in map.points { rows[point.slide]?.append(point.row) }
    rows = zip(rows, counts).map { $0?.count == $1 ? nil : $0?.sorted() }
    let found = try Reporting.run {
      try TileRanking.nearestTiles(
        to: features.slides[asked.slide].name, asked.row, metric: .cosine, features,
        TileCandidates(rows: rows, tileCounts: counts), count: count, monitor: monitor)
    }
    var distances: [FeatureMap.Point: Double] = [:]
    for (tile, distance) in found.tiles { distances[FeatureMap.Point(slide: tile.slide, row: tile.tile)] = distance }
    var points: [(point: Int, distance: Double)] = []
    for (index, point) in map.points.enumerated() {
      if let distance = distances[point] { points.append((index, distance)) }
    }
    return (points.sorted { ($0.distance, $0.point) < ($1.distance, $1.point) }, found.leftOut)
  }
}

/// Lines about tiles, whose sources are looked up once and not with every tile that the pointer passes.
final class TileLineCache: Sendable {
  private let map: FeatureMap
  private let known = Mutex<[String: TileQuantities?]>([:])
  private let always: [TileAspect]

  init(_ map: FeatureMap) {
    self.map = map
    let features = map.features
    var aspects: [TileAspect] = []
    if let labels = map.labels { aspects.append(.labels(labels, name: "")) }
    for head in features.outputs.headsWithClasses.prefix(4) {
      aspects.append(.prediction(head: features.outputs.heads[head].name))
    }
    always = aspects
  }

  func lines(of point: FeatureMap.Point, slide: String, colouredBy choice: ColourChoice?) -> [TileCard.Line] {
    var lines = line(of: always, key: Self.always, point, slide)
    if let choice, choice.group != .activations || choice.key.hasPrefix("feature:") {
      for line in line(of: [choice.aspect], key: choice.key, point, slide)
      where !lines.contains(where: { $0.name == line.name }) && line.value != slide {
        lines.append(line)
      }
    }
    return lines
  }

  func forget() { known.withLock { $0 = [:] } }

  private static let always = ""

  private func line(
    of aspects: [TileAspect], key: String, _ point: FeatureMap.Point, _ slide: String
  ) -> [TileCard.Line] {
    guard let quantities = quantities(aspects, key: key) else { return [] }
    return quantities.captions(slideName: slide, slide: point.slide, tile: point.row).map { text in
      let parts = text.split(separator: ": ", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else { return TileCard.Line(name: "", value: text) }
      return TileCard.Line(name: String(parts[0]).replacing(" ()", with: ""), value: String(parts[1]))
    }
  }

  private func quantities(_ aspects: [TileAspect], key: String) -> TileQuantities? {
    // A name of the session may come to mean another value.
    if key != Self.always {
      switch aspects.first {
      case .groups?, .labels?: return try? TileQuantities(aspects, of: map.tiles())
      default: break
      }
    }
    return known.withLock { known in
      if let found = known[key] { return found }
      let made = try? TileQuantities(aspects, of: map.tiles())
      if known.count > 40 { known = [:] }
      known[key] = .some(made)
      return made
    }
  }
}
