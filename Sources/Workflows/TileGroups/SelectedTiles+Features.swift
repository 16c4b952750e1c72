import FeatureData
import FeatureStore
import Synchronization

/// The features of a selection, once somebody asked for them.
final class RestrictedFeatures: Sendable {
  private let made = Mutex<FeatureSet?>(nil)

  func features(_ make: () throws -> FeatureSet) rethrows -> FeatureSet {
    try made.withLock { made in
      if let made { return made }
      let features = try make()
      made = features
      return features
    }
  }
}

extension SelectedTiles {
  /// The features of these tiles alone, with numbers of their own from 0.
  ///
  /// - Complexity: O(tiles × features) when it is first asked for: the rows are copied.
  package func restrictedFeatures() throws -> FeatureSet {
    try restriction.features {
      try Reporting.run { try features.choosing(rows.map { $0.map(Int.init) }, identity: identity) }
    }
  }

  /// The map on which they were chosen where its points are tiles, and not slides.
  var tileMap: FeatureMap? { map?.isOfSlides == true ? nil : map }

  /// The map on which they were chosen with these points alone; nil without one.
  package var restrictedMap: FeatureMap? {
    guard let map else { return nil }
    let chosen = rows.map { Set($0) }
    return map.choosing(map.points.indices.filter { chosen[map.points[$0].slide].contains(Int32(map.points[$0].row)) })
      .adding(["Of \(map.points.count) points those of the selection: \(rule)."])
  }
}

extension FeatureSet {
  /// Some rows of each slide; slides without any are left out.
  fileprivate func choosing(_ rows: [[Int]], identity: String) throws -> FeatureSet {
    let chosen = try zip(slides, rows).compactMap { slide, rows -> Slide? in
      guard !rows.isEmpty else { return nil }
      var restricted = Slide(
        name: slide.name, stored: try slide.stored.choosing(rows), tfrecord: slide.tfrecord,
        tileDigest: slide.tileDigest, records: rows.map { slide.records[$0] }, gap: slide.gap)
      restricted.added = slide.added.map { $0.choosing(rows) }
      restricted.addedFrom = slide.addedFrom
      return restricted
    }
    return FeatureSet(
      study: study, model: model, dataset: dataset, normalizer: normalizer,
      contentIdentity: ContentDigest.ofText("selection\n\(contentIdentity)\n\(identity)"), layers: layers,
      slides: chosen, failedSlides: [], outputs: outputs, outcomes: outcomes, isFromStore: isFromStore, basis: basis)
  }
}

extension FeatureMap {
  /// Some of its points, where they are; nothing can be placed on what is left.
  fileprivate func choosing(_ indices: [Int]) -> FeatureMap {
    let width = coordinates.columnCount
    return FeatureMap(
      features: features, points: indices.map { points[$0] },
      coordinates: Matrix(
        rowCount: indices.count, columnCount: width,
        elements: indices.flatMap { index in (0..<width).map { coordinates[index, $0] } }),
      layout: nil, axisNames: axisNames, remarks: remarks, labels: labels, isFromStore: isFromStore,
      isOfSlides: isOfSlides
    ).styled(style)
  }
}
