import FeatureData
import FeatureStore

/// Tiles of features in groups: clusters, or a selection.
package struct TileGroups: Sendable {
  package let features: FeatureSet
  /// What the groups are, in a legend: "cluster".
  package let label: String
  /// In order.
  package let names: [String]
  /// By slide and row of the features: the place of the tile's group among the names, or −1 for none.
  package let numbers: [[Int32]]

  package init(features: FeatureSet, label: String, names: [String], numbers: [[Int32]]) {
    self.features = features
    self.label = label
    self.names = names
    self.numbers = numbers
  }

  /// The groups of the tiles of other features, by slide and row; −1 for a tile that is not among these.
  ///
  /// Tiles are the same where they are the same record of one tile file, or where both features have their places on the
  /// slide and these are equal.
  ///
  /// - Throws: `WorkflowFailure` where no tile is in both.
  package func numbers(on other: FeatureSet, parameter: String? = nil) throws(WorkflowFailure) -> [[Int32]] {
    if features.hasTiles(of: other) { return numbers }
    let places = Dictionary(features.slides.enumerated().map { ($1.name, $0) }) { first, _ in first }
    var isAnyCommon = false
    let result = other.slides.map { slide -> [Int32] in
      guard let place = places[slide.name] else { return [Int32](repeating: -1, count: slide.tileCount) }
      let rows = features.slides[place].rows(of: slide)
      return rows.map { row in
        guard let row else { return -1 }
        isAnyCommon = true
        return numbers[place][row]
      }
    }
    guard isAnyCommon else {
      throw WorkflowFailure("These features have none of the tiles that the \(label) is of.", parameter: parameter)
    }
    return result
  }
}

extension FeatureSet {
  /// Whether others have the same rows for the same tiles.
  func hasTiles(of other: FeatureSet) -> Bool {
    slides.count == other.slides.count
      && zip(slides, other.slides).allSatisfy {
        $0.name == $1.name && $0.tileDigest == $1.tileDigest && $0.records == $1.records
      }
  }
}

extension FeatureSet.Slide {
  /// For each tile of the same slide in other features its row here; nil where it is not among these.
  fileprivate func rows(of other: FeatureSet.Slide) -> [Int?] {
    if tileDigest == other.tileDigest {
      let rows = Dictionary(records.enumerated().map { ($1, $0) }) { first, _ in first }
      return other.records.map { rows[$0] }
    }
    guard let own = stored.locations, let locations = other.stored.locations else {
      return [Int?](repeating: nil, count: other.tileCount)
    }
    let rows = Dictionary(own.enumerated().map { ($1, $0) }) { first, _ in first }
    return locations.map { rows[$0] }
  }
}
