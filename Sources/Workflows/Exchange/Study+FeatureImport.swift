package import FeatureData
package import FeatureStore
import Slides

/// What is imported, and what is said of it.
package struct FeatureImportRequest: Sendable {
  /// A file, or a folder with a file for each slide; relative ones are also looked for in the project.
  package let path: String
  /// Microns per pixel of slides whose file does not say.
  package var scale = GivenScale.none
  /// The part of each file that holds the features; nil for the one that its name or shape tells.
  package var key: String?
  /// How large the tiles are on their slides, where their files do not say.
  package var tileSide: BagRequest.TileSide?
  /// A file or folder with numbers of the tiles, joined by their places.
  package var scores: String?
  /// Labels that later analyses use when none are given.
  package var outcomes: LabelChoice?

  package init(path: String) { self.path = path }
}

extension Study {
  /// Features that other programs computed, joined with the slides of the annotations.
  ///
  /// - Returns: the features, and what is to be said after them.
  package func importFeatures(
    _ request: FeatureImportRequest, basis: String? = nil, monitor: any WorkMonitor
  ) throws -> (features: FeatureSet, remarks: [Remark]) {
    let path = PathResolution.existing(request.path, in: [project.folder])
    let asked = BagRequest(key: request.key, tileSide: request.tileSide)
    var result: FeatureImport.Result
    do {
      result = try Reporting.run {
        try FeatureImport(study: self, path: path, given: request.scale, request: asked, monitor: monitor).run()
      }
    } catch let failure as WorkflowFailure {
      let isOfKey = request.key != nil && failure.remedy?.hasPrefix("key=") ?? false
      throw Reporting.translated(failure, parameter: isOfKey ? "key" : "path")
    }
    let scores = try request.scores.map { scores in
      try Reporting.run(parameter: "scores") {
        try TileScores(
          PathResolution.existing(scores, in: [project.folder]), of: self, monitor: monitor
        ).join(&result.slides)
      }
    }
    let width = result.slides.first?.stored.features.columnCount ?? 0
    let features = FeatureSet(
      study: self, model: nil, dataset: nil, normalizer: nil, contentIdentity: result.identity,
      layers: [FeatureSet.LayerColumns(layer: FeatureSet.importedLayer, columns: 0..<width)],
      slides: result.slides, failedSlides: result.failed, outputs: result.outputs,
      outcomes: try request.outcomes?.labels(of: result.slides.map(\.name), in: self),
      isFromStore: result.isFromStore, basis: basis)
    return (features, result.remarks(in: self, scores ?? []) + patientRemarks(result.join, request.outcomes))
  }

  /// Patients whose slides differ in the labels: those of one slide stand for them.
  private func patientRemarks(_ join: SlideJoin, _ outcomes: LabelChoice?) -> [Remark] {
    guard case .column(let column)? = outcomes else { return [] }
    let differing = join.patients.filter { $0.patient.text(of: column, project.annotations).contains(" / ") }
    guard !differing.isEmpty else { return [] }
    let shown = differing.prefix(5).map { pair, patient in
      "\(patient.name) (\(patient.text(of: column, project.annotations)); that of \(pair.slide) counts)"
    }
    return [
      .warning(
        "The slides of \(differing.count.counted("patient")) differ in \(column): \(shown.joined(separator: ", "))"
          + (differing.count > 5 ? ", …" : "."))
    ]
  }
}

extension FeatureImport.Result {
  /// What matched, what did not, and what was assumed.
  ///
  ///
  /// - Parameter scores: how numbers of tiles were joined.
  fileprivate func remarks(in study: Study, _ scores: [Remark]) -> [Remark] {
    var remarks: [Remark] = [
      .note(
        "From \(kinds.sorted().joined(separator: ", ")). "
          + (isSlideLevel
            ? join.patients.isEmpty ? "One vector for each slide." : "One vector for each slide or patient."
            : TileOrigins(slides, in: study).summary))
    ]
    remarks += outputRemarks.map { .note($0) }
    for (assumption, count) in assumptions.sorted(by: { $0.key < $1.key }) {
      remarks.append(
        .note(count == 1 && slides.count == 1 ? assumption : "\(count.counted("slide")): \(assumption)"))
    }
    if let summary = SlideScale.summary(of: scales) {
      remarks.append(
        .note("The files give places in micrometres; they were converted to pixels of level 0. " + summary))
    }
    remarks += SlideScale.remarks(on: scales).map { .warning($0) }
    if !quantities.isEmpty {
      remarks.append(.note("Values for each tile besides the features: \(Self.names(quantities))"))
      let both = quantities.filter(study.project.annotations.columns.contains)
      if !both.isEmpty {
        remarks.append(
          .warning(
            "These names mean the values for each tile, and not the columns of the annotations: \(Self.names(both))"))
      }
    }
    remarks += scores
    remarks += joinRemarks
    let known = Set(slides.map(\.name) + join.patients.flatMap(\.patient.slides))
    let without = study.project.annotations.slides.filter { !known.contains($0) }
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
          "Matched \(near.count.counted("file")) by names that differ only by \(ways.map(\.words).joined(separator: " or ")): "
            + Self.pairs(near.map { SlideJoin.Pair(name: $0.name, slide: $0.other) })))
    }
    if !join.patients.isEmpty {
      let shown = join.patients.prefix(20).map { pair, patient in
        "\(pair.name) as \(pair.slide)"
          + (patient.slides.count > 1 ? " (the first of \(patient.slides.count) slides)" : "")
      }
      remarks.append(
        .note(
          "Matched \(join.patients.count.counted("file")) by patient, a row for each: \(shown.joined(separator: ", "))"
            + (join.patients.count > 20 ? ", …" : ".")))
    }
    if !join.beginnings.isEmpty {
      remarks.append(
        .warning(
          "Matched \(join.beginnings.count.counted("file")) by the beginning of their names only; check them: "
            + Self.pairs(join.beginnings)))
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
