import FeatureData
package import Rendering
import Slides

/// What became of the slides of an extraction.
package struct ExtractionReport: Sendable {
  let study: Study
  let request: ExtractionRequest
  let outcomes: [SlideExtraction.Outcome]
  let basis: String?

  private var size: TileSize { request.plan.size }

  /// A row for each slide: its grid, and how many cells of it were kept or left out.
  package var table: DataTable {
    var kept = 0
    let verdicts = CellVerdict.allCases.filter { verdict in
      verdict.isUsual || request.plan.cutting.checks.contains { $0.verdict == verdict }
    }
    var rows: [[DataTable.Cell]] = []
    for outcome in outcomes {
      var row: [DataTable.Cell] = [.text(outcome.slide.name)]
      switch outcome.state {
      case .extracted(let record):
        kept += record.count(.kept)
        row.append(.text("(\(record.rows), \(record.columns))"))
        row += verdicts.map { .integer(record.count($0)) }
      case .leftAsFound(let count, _):
        kept += count
        row += [.missing, .integer(count)] + verdicts.dropFirst().map { _ in .missing }
      case .failed: row += [.missing] + verdicts.map { _ in .missing }
      }
      rows.append(row)
    }
    return DataTable(
      columns: [DataTable.Column("slide"), DataTable.Column("grid (rows, columns)", alignment: .right)]
        + verdicts.map { DataTable.Column($0.words, .integer) },
      rows: rows,
      caption: "Tiles of \(size.label): \(outcomes.count.counted("slide")), \(kept.counted("tile")) kept"
        .followed(by: basis))
  }

  /// Slides that were left out or as they were, who said how large pixels are, and from which corner regions were counted.
  package var remarks: [Remark] { slideRemarks + regionRemarks + scaleRemarks }

  private var regionRemarks: [Remark] {
    guard request.plan.cutting.regionMethod != .ignore else { return [] }
    let sentences = outcomes.flatMap { outcome -> [String] in
      let unread = UnreadRegions.remark(
        outcome.regionFiles.others, of: outcome.slide.name, besides: outcome.regionFiles.path)
      guard case .extracted(let record) = outcome.state else { return [unread].compactMap(\.self) }
      return (record.regionRemarks ?? []) + [unread].compactMap(\.self)
    }
    let shown = sentences.prefix(10).map { Remark.warning($0.withShortPaths) }
    let rest = sentences.count - shown.count
    return shown + (rest > 0 ? [.warning("And \(rest.counted("more remark")) on regions of interest.")] : [])
  }

  private var slideRemarks: [Remark] {
    outcomes.compactMap { outcome in
      switch outcome.state {
      case .extracted(let record):
        let unreadable = record.count(.unreadable)
        return unreadable == 0
          ? nil : .warning("\(outcome.slide.name): \(unreadable.counted("region")) could not be read.")
      case .leftAsFound(let count, let reason):
        return .warning(
          "\(outcome.slide.name): its file of \(count.counted("tile")) was there, \(reason), and is left as it is; "
            + "skip_extracted=false makes it anew.")
      case .failed(let reason, let remedy):
        return .warning(
          "\(outcome.slide.name) is left out: \(reason.withShortPaths)" + (remedy.map { " (\($0))" } ?? ""))
      }
    }
  }

  private var scaleRemarks: [Remark] {
    var scales: [(slide: String, scale: SlideScale)] = []
    var scanned: [(slide: String, x: Int, y: Int, frame: RegionsOfInterest.Frame)] = []
    for outcome in outcomes {
      guard case .extracted(let record) = outcome.state else { continue }
      let name = outcome.slide.name
      if let noted = record.scale {
        let file = noted.source == .file ? noted.micronsPerPixel : nil
        let given = request.plan.scale[name]
        scales.append((name, SlideScale(file: file, given: given, hint: noted.doubt) ?? noted))
      }
      if let x = record.scannedX, let y = record.scannedY {
        scanned.append((name, x, y, record.regionFrame ?? .wholeSlide))
      }
    }
    return (SlideScale.summary(of: scales).map { [.note($0)] } ?? [])
      + SlideScale.remarks(on: scales).map { .warning($0) }
      + PlaceFrame.remarks(onRegionsOf: scanned).map { .note($0) }
  }

  /// The tiles that are there now.
  ///
  /// - Throws: `WorkflowFailure` where not a single tile was kept.
  package func dataset() throws -> StudyDataset {
    try refuseIfNothing()
    return try StudyDataset(study, size: size, selection: request.selection, basis: basis)
  }

  private func refuseIfNothing() throws(WorkflowFailure) {
    var failures: [(String, String?)] = []
    for outcome in outcomes {
      switch outcome.state {
      case .extracted(let record) where record.count(.kept) > 0: return
      case .leftAsFound(let count, _) where count > 0: return
      case .failed(let reason, let remedy): failures.append((reason, remedy))
      default: break
      }
    }
    if let (reason, remedy) = failures.first {
      throw WorkflowFailure("No slide could be extracted. \(reason)", remedy: remedy)
    }
    let records = outcomes.compactMap { outcome in
      if case .extracted(let record) = outcome.state { record } else { nil }
    }
    if records.allSatisfy({ $0.rows * $0.columns == 0 }) {
      throw WorkflowFailure(
        "No slide has room for a tile of this size.", remedy: "a smaller tile_um", parameter: "tile_um")
    }
    throw WorkflowFailure(
      "No tile was kept: "
        + CellVerdict.allCases.dropFirst().compactMap { verdict in
          let count = records.reduce(0) { $0 + $1.count(verdict) }
          return count == 0 ? nil : "\(count) \(verdict.words)"
        }.joined(separator: ", ") + ".",
      remedy: records.contains { $0.count(.background) > 0 } ? "grayspace_fraction=1" : nil)
  }

  /// Some tiles of each slide, evenly taken from their files.
  package func sample(of value: StudyDataset) -> (sheet: ContactSheet, text: String) {
    let dataset = value.dataset
    let slides = Set(outcomes.map(\.slide.name))
    let sample = TileSample.even(
      dataset.slides.filter { slides.contains($0.name) }.map { ($0.name, dataset.tileCount(of: $0)) }, count: 24)
    let files = Dictionary(dataset.slides.map { ($0.name, $0.tfrecord) }) { first, _ in first }
    let tiles = sample.compactMap { tile -> ContactSheet.Tile? in
      guard let path = files[tile.slide],
        let file = try? TFRecordFile(path: path, indexes: dataset.project.indexes)
      else { return nil }
      return ContactSheet.Tile(
        image: try? file.image(tile.index, fittingSide: TileReading.side), captions: ["\(tile.slide):\(tile.index)"])
    }
    let sheet = ContactSheet(
      tiles: tiles, title: "Extracted tiles",
      footer: "\(tiles.count) of \(dataset.tileCount.counted("tile")), evenly taken from the slides.")
    return (sheet, "Extracted tiles: \(tiles.count) of \(dataset.tileCount).")
  }
}

extension CellVerdict {
  /// True for what is counted whatever is asked for.
  fileprivate var isUsual: Bool { !QualityCheck.allCases.contains { $0 != .otsu && $0.verdict == self } }
}

extension QualityCheck {
  /// What becomes of a tile that fails.
  fileprivate var verdict: CellVerdict {
    switch self {
    case .otsu: .noTissue
    case .blur: .blurred
    case .pen: .pen
    case .fold: .fold
    }
  }
}

extension Study {
  /// The folder of a source's tiles of a size.
  func tileFolder(of source: String, size: TileSize) throws(WorkflowFailure) -> String {
    guard let root = project.sources.first(where: { $0.name == source })?.tfrecords else {
      throw WorkflowFailure(
        "The source \(source) names no folder for TFRecords in datasets.json.",
        remedy: "\"tfrecords\": \"./tfrecords\" in the source \(source)")
    }
    return root + "/" + size.label
  }

  /// Counts of the tile files of each folder that was written to; those of other files stay.
  func writeManifests(of outcomes: [SlideExtraction.Outcome], size: TileSize) throws {
    try Reporting.run {
      for (source, group) in Dictionary(grouping: outcomes, by: \.slide.source) {
        var counts: [String: Int] = [:]
        for outcome in group {
          guard case .extracted(let record) = outcome.state else { continue }
          counts[outcome.slide.name + ".tfrecords"] = record.count(.kept)
        }
        if !counts.isEmpty { try TFRecordManifest.update(counts: counts, in: try tileFolder(of: source, size: size)) }
      }
    }
  }
}
