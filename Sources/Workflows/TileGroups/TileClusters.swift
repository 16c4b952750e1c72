import FeatureData
import FeatureStore

/// Tiles of features in clusters.
package struct TileClusters: Sendable {
  package let groups: TileGroups
  /// On which they were found; nil for clusters of activations.
  package let map: FeatureMap?
  /// How they were found, a sentence each.
  package let remarks: [String]

  package init(groups: TileGroups, map: FeatureMap?, remarks: [String]) {
    self.groups = groups
    self.map = map
    self.remarks = remarks
  }

  package var features: FeatureSet { groups.features }
  package var names: [String] { groups.names }

  /// The features, and each tile's cluster.
  package var identity: String {
    ContentDigest.ofText(
      ([features.identity] + groups.names + groups.numbers.map { $0.map { String($0) }.joined(separator: " ") })
        .joined(separator: "\n"))
  }
}
