import FeatureData
import FeatureStore

/// Some of the tiles of features, and the rule that chose them.
package struct SelectedTiles: Sendable {
  package let features: FeatureSet
  /// By slide of the features, ascending.
  package let rows: [[Int32]]
  /// How the tiles were chosen, in words: "cluster 3".
  package let rule: String
  /// On which they were chosen; nil without one.
  package let map: FeatureMap?
  /// True where the features themselves chose: a comparison that finds them different finds in part how they were chosen.
  package let looksAtFeatures: Bool
  /// How many tiles they were chosen among.
  package let total: Int
  /// The features and the tiles: what would choose the same.
  package let identity: String
  let restriction = RestrictedFeatures()

  /// - Parameter total: nil for the tiles of the map, or of the features.
  package init(
    features: FeatureSet, rows: [[Int32]], rule: String, map: FeatureMap? = nil, looksAtFeatures: Bool = true,
    total: Int? = nil
  ) {
    self.features = features
    self.rows = rows
    self.rule = rule
    self.map = map
    self.looksAtFeatures = looksAtFeatures
    self.total = total ?? map?.points.count ?? features.tileCount
    identity = ContentDigest.ofText(
      ([features.identity] + rows.map { ContentDigest.of("\($0.count)", $0) }).joined(separator: "\n"))
  }

  package var tileCount: Int { rows.reduce(0) { $0 + $1.count } }

  /// One group of its tiles, under the name of the value; the others are in none.
  package func groups(name: String) -> TileGroups {
    let numbers = zip(features.slides, rows).map { slide, rows -> [Int32] in
      var numbers = [Int32](repeating: -1, count: slide.tileCount)
      for row in rows { numbers[Int(row)] = 0 }
      return numbers
    }
    return TileGroups(features: features, label: "selection", names: [name], numbers: numbers)
  }
}
