package import FeatureData
import FeatureStore
import Slides

extension Study {
  /// Features that other programs computed, joined with the slides of the annotations.
  ///
  /// - Parameters:
  ///   - path: a file, or a folder with a file for each slide; relative ones are also looked for in the project.
  ///   - scale: microns per pixel of slides whose file does not say.
  /// - Returns: the features, and what is to be said after them.
  package func importFeatures(
    from path: String, scale: GivenScale = .none, outcomes: LabelChoice? = nil, basis: String? = nil,
    monitor: any WorkMonitor
  ) throws -> (features: FeatureSet, remarks: [Remark]) {
    let path = PathResolution.existing(path, in: [project.folder])
    let result = try Reporting.run(parameter: "path") {
      try FeatureImport(study: self, path: path, given: scale, monitor: monitor).run()
    }
    let width = result.slides.first?.stored.features.columnCount ?? 0
    let features = FeatureSet(
      study: self, model: nil, dataset: nil, normalizer: nil, contentIdentity: result.identity,
      layers: [FeatureSet.LayerColumns(layer: FeatureSet.importedLayer, columns: 0..<width)],
      slides: result.slides, failedSlides: result.failed, outputs: result.outputs,
      outcomes: try outcomes?.labels(of: result.slides.map(\.name), in: self),
      isFromStore: result.isFromStore, basis: basis)
    return (features, result.remarks(slides: project.annotations.slides))
  }
}

extension FeatureImport.Result {
  /// What matched, what did not, and what was assumed.
  ///
  /// - Parameter all: the slides of the annotations.
  fileprivate func remarks(slides all: [String]) -> [Remark] {
    let withTiles = slides.count { $0.tfrecord != nil }
    let tiles =
      switch withTiles {
      case 0: "The project has no tile files with these tiles, so they cannot be shown."
      case slides.count: "The project has their tiles."
      default: "The project has the tiles of \(withTiles) of the \(slides.count) slides."
      }
    var remarks: [Remark] = [
      .note("From \(kinds.sorted().joined(separator: ", ")). " + (isSlideLevel ? "One vector for each slide." : tiles))
    ]
    remarks += outputRemarks.map { .note($0) }
    for (assumption, count) in assumptions.sorted(by: { $0.key < $1.key }) {
      remarks.append(
        .note(count == 1 && slides.count == 1 ? assumption : "\(count.counted("slide")): \(assumption)"))
    }
    if let summary = SlideScale.summary(of: scales) {
      remarks.append(.note("Micrometres are brought to pixels. " + summary))
    }
    remarks += SlideScale.remarks(on: scales).map { .warning($0) }
    remarks += joinRemarks
    let known = Set(slides.map(\.name))
    let without = all.filter { !known.contains($0) }
    if !without.isEmpty {
      remarks.append(
        .note("\(without.count.counted("slide")) of the annotations have no features here: \(Self.names(without))"))
    }
    return remarks
  }

  private var joinRemarks: [Remark] {
    var remarks: [Remark] = []
    let near = join.near
    if !near.isEmpty {
      let ways = NearName.Difference.allCases.filter { way in near.contains { $0.differences.contains(way) } }
      remarks.append(
        .warning(
          "Joined \(near.count) by names that differ only by \(ways.map(\.words).joined(separator: " or ")): "
            + Self.pairs(near.map { SlideJoin.Pair(name: $0.name, slide: $0.other) })))
    }
    if !join.beginnings.isEmpty {
      remarks.append(
        .warning("Joined \(join.beginnings.count) by the beginning of their names: " + Self.pairs(join.beginnings)))
    }
    if !unmatched.isEmpty {
      remarks.append(
        .warning(
          "\(unmatched.count.counted("file")) fit no slide of the annotations and are left out: "
            + Self.names(unmatched)))
    }
    let refused = unmatched.filter { join.refusals[$0] != nil }
    remarks += refused.prefix(5).map { .warning("\($0): \(join.refusals[$0] ?? "").") }
    if refused.count > 5 { remarks.append(.warning("And \(refused.count - 5) more for such reasons.")) }
    return remarks
  }

  private static func pairs(_ pairs: [SlideJoin.Pair]) -> String {
    pairs.prefix(20).map { "\($0.name) as \($0.slide)" }.joined(separator: ", ") + (pairs.count > 20 ? ", …" : ".")
  }

  private static func names(_ names: [String]) -> String {
    names.prefix(5).joined(separator: ", ") + (names.count > 5 ? ", …" : ".")
  }
}
