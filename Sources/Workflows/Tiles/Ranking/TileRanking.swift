import Analysis
import Dispatch
import FeatureData
import FeatureStore
import Foundation
import Synchronization

/// Tiles in the order of a number that their features give: at both ends of a quantity, or near to one of them.
struct TileRanking {
  struct Place {
    let tile: TileChoice.Tile
    /// What the tile is here for: "highest 1: 3.21", "distance 0.012".
    let caption: String
  }

  let title: String
  let subtitle: String?
  let footer: String
  /// Each begins a row of its own.
  let groups: [[Place]]

  var places: [Place] { groups.flatMap { $0 } }

  /// Four significant digits: activations can be very small.
  private static func text(_ value: Float) -> String { String(format: "%.4g", Double(value)) }

  // MARK: Extremes

  /// The tiles with the highest and the lowest values of a quantity, half of `count` of each.
  static func extremes(
    of aspect: TileAspect, _ features: FeatureSet, _ candidates: TileCandidates, count: Int,
    monitor: any WorkMonitor
  ) throws -> TileRanking {
    let column = try RankedColumn(aspect, features)
    let (candidates, leftOut) = column.numbers.map { candidates.finite(features, $0) } ?? (candidates, nil)
    let values = try TileScan(features, candidates, monitor).values(of: column)
    let known = values.reduce(0) { $0 + $1.count { $0 == $0 } }
    guard known > 0 else {
      throw WorkflowFailure(
        "None of the tiles chosen has a value of \(column.name)." + (leftOut.map { " " + $0 } ?? ""),
        parameter: "extremes")
    }
    let shown = min(count, known)
    var highest = BestTiles(count: (shown + 1) / 2)
    var lowest = BestTiles(count: shown / 2)
    for (slide, values) in values.enumerated() {
      for (place, value) in values.enumerated() where highest.mayTake(-value) || lowest.mayTake(value) {
        let tile = candidates.tile(slide, place)
        highest.show(BestTiles.Candidate(score: -value, order: tile.shuffled, tile: tile))
        lowest.show(BestTiles.Candidate(score: value, order: tile.shuffled, tile: tile))
      }
    }
    func places(_ end: String, _ found: BestTiles, sign: Float) -> [Place] {
      found.best.enumerated().map { rank, candidate in
        Place(tile: candidate.tile, caption: "\(end) \(rank + 1): \(Self.text(candidate.score * sign))")
      }
    }
    // Of very many equal tiles only some are shown; which ones says nothing about them.
    func ties(_ found: BestTiles, sign: Float) -> String? {
      guard let last = found.best.last else { return nil }
      let value = last.score * sign
      let equal = values.reduce(0) { $0 + $1.count { $0 == value } }
      let taken = found.best.count { $0.score == last.score }
      return equal > taken
        ? "\(equal.counted("tile")) have the value \(Self.text(value)), and \(taken) of them "
          + (taken == 1 ? "is shown." : "are shown, from all over.") : nil
    }
    let all = values.reduce(0) { $0 + $1.count }
    let footer = [
      "\(shown) of \(known.counted("tile")).", ties(highest, sign: -1), lowest.count > 0 ? ties(lowest, sign: 1) : nil,
      all > known ? "\((all - known).counted("tile")) without a value left out." : nil, leftOut,
    ].compactMap(\.self).joined(separator: " ")
    return TileRanking(
      title: "Tiles at the extremes of \(column.name)",
      subtitle: lowest.count == 0
        ? nil
        : "The \(highest.count) highest, from the top down; then, in rows of their own, the \(lowest.count) lowest, from "
          + "the bottom up.",
      footer: footer, groups: [places("highest", highest, sign: -1), places("lowest", lowest, sign: 1)])
  }

  // MARK: Nearest

  /// A tile, and the `count` others whose features are nearest to its.
  static func nearest(
    to slideName: String, _ index: Int, metric: DistanceMetric, _ features: FeatureSet, _ candidates: TileCandidates,
    count: Int, monitor: any WorkMonitor
  ) throws -> TileRanking {
    let (asked, refined, total, leftOut) = try nearestTiles(
      to: slideName, index, metric: metric, features, candidates, count: count, monitor: monitor)
    let name = "\(slideName):\(index)"
    let others = refined.map { Place(tile: $0.0, caption: "distance \(String(format: "%.3g", $0.1))") }
    return TileRanking(
      title: "Tiles nearest to \(name)", subtitle: nil,
      footer: (others.isEmpty
        ? "\(name) alone."
        : "\(name) and the \(others.count) nearest of \(total.counted("other tile")), by \(metric.rawValue) "
          + "distance of their activations.") + (leftOut.map { " " + $0 } ?? ""),
      groups: [[Place(tile: asked, caption: "asked for")] + others])
  }

  /// The tile that is asked about, the others nearest to it with their distances, among how many they are, and a sentence
  /// about those that have none.
  static func nearestTiles(
    to slideName: String, _ index: Int, metric: DistanceMetric, _ features: FeatureSet, _ candidates: TileCandidates,
    count: Int, monitor: any WorkMonitor
  ) throws -> (asked: TileChoice.Tile, tiles: [(TileChoice.Tile, Double)], total: Int, leftOut: String?) {
    let asked = try features.tile(slideName, index)
    let stored = features.slides[asked.slide].stored
    guard !stored.notFinite.contains(asked.tile) else {
      let other = features.usableRows(of: asked.slide).min { abs($0 - index) < abs($1 - index) }
      throw WorkflowFailure(
        "\(slideName):\(index) has NaN or infinity among its activations, so that no tile is near to it.",
        remedy: other.map { "near=\(slideName):\($0)" }, parameter: "near")
    }
    let (candidates, leftOut) = candidates.finite(features, .activations)
    let distances = RowDistances(from: stored.features.row(asked.tile), metric: metric)
    let found = try TileScan(features, candidates, monitor).nearest(distances, except: asked, count: count)
    let refined = found.tiles.map { tile in
      (tile, distances.preciseDistance(to: features.slides[tile.slide].stored.features.row(tile.tile)))
    }.sorted { ($0.1, $0.0.inOrder) < ($1.1, $1.0.inOrder) }
    return (asked, refined, found.total, leftOut)
  }
}
