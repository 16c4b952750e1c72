import CommandLanguage
import FeatureData
import Foundation
import Rendering
import Slides

/// `extract_tiles`: cuts the slides of a project into tiles.
enum ExtractTilesCommand {
  static let declaration = CommandDeclaration(
    name: "extract_tiles", referenceNames: ["Project.extract_tiles", "Dataset.extract_tiles", "WSI.extract_tiles"],
    topic: "Data", summary: "Cuts the slides of a project into tiles, as TFRecords in slideflow's layout.",
    discussion: """
      The slides are those of the annotations that have a file in the slide folders of the project. Each becomes one file, \
      written whole: an interruption or a kill loses the slide in progress, and the same statement goes on from there. \
      Tiles of slides that were extracted before are kept (`skip_extracted`). A region of a slide that cannot be read \
      costs that region, and a slide that cannot be opened costs that slide; both are reported. Records are shuffled, so \
      that the first N of a file are a sample of the slide.
      """,
    subject: SubjectDeclaration(name: "project", types: [.project], documentation: "The project."),
    parameters: [
      ParameterDeclaration("tile_px", .integer(1...8192), required: true, unit: "px", "Side of the tiles in pixels."),
      ParameterDeclaration(
        "tile_um", .microns, required: true, unit: "µm", "Side of the tiles on the slide, or a magnification (20x)."),
      ParameterDeclaration("slides", .list(.name(.slide)), "Only these slides."),
    ] + DatasetCommand.filterParameters + [ParameterDeclaration("sources", .list(.text), "Only these sources.")]
      + TilePlan.parameters + [
        ParameterDeclaration("img_format", .choice(["jpg", "png"]), default: "jpg", "How tiles are stored."),
        ParameterDeclaration(
          "quality", .integer(1...100), default: "95", effects: [.with("img_format", values: ["jpg"])],
          "Quality of the JPEGs."),
        ParameterDeclaration(
          "normalizer", .choice(StainChoice.methods),
          "Stain normalisation of the tiles; one without two stains is left out as background."), normalizerSource,
        ParameterDeclaration("shuffle", .boolean, default: "true", "Shuffles the records of each slide."),
        ParameterDeclaration(
          "skip_extracted", .boolean, default: "true", "Keeps the tile files that are there; false makes them anew."),
      ], result: .dataset,
    examples: ["extract_tiles tile_px=299 tile_um=151 slides=[DEMO-01, DEMO-02]"], writesFiles: true)

  /// No tile can be named before there are any.
  private static let normalizerSource = ParameterDeclaration(
    "normalizer_source",
    .either([
      .choice(StainNormalizer.TargetVersion.allCases.map(\.rawValue)),
      .path(.existingFile(extensions: ["png", "jpg", "jpeg"])),
    ]), default: "v3", effects: [.with("normalizer", values: [])],
    "What the tiles are made to look like: a standard (v3 is slideflow's of today, v1 that of 1.x), or a picture.")

  static let command = Command(
    declaration,
    run: { invocation in
      guard let project = invocation.subjects.first as? Study else { return nil }
      let arguments = invocation.arguments
      guard let size = try TilePlan.size(arguments) else { return nil }
      let slides = try chosenSlides(project, invocation)
      var format = TileExtraction.Format()
      format.picture = arguments.text("img_format").flatMap(TileExtraction.Format.Picture.init(rawValue:)) ?? .jpg
      format.quality = arguments.integer("quality") ?? 95
      if arguments.boolean("shuffle") == false { format.shuffleSeed = nil }
      let normalizer = try normalizer(arguments)
      let extraction = SlideExtraction(
        project: project, plan: try TilePlan(arguments, size: size, project: project), format: format,
        normalizer: normalizer,
        skipsExtracted: arguments.boolean("skip_extracted") ?? true,
        monitor: invocation.monitor)
      var outcomes: [SlideExtraction.Outcome] = []
      do {
        try extraction.run(slides) { outcomes.append($0) }
      } catch is StatementInterrupted {
        try writeManifests(of: outcomes, extraction)
        let done = outcomes.count
        invocation.output.note(
          "\(done) of \(slides.count.counted("slide")) \(done == 1 ? "is" : "are") extracted and kept; the same "
            + "statement goes on from there.")
        throw StatementInterrupted()
      }
      try writeManifests(of: outcomes, extraction)
      show(outcomes, size: size, basis: invocation.basis, in: invocation.output)
      remark(on: outcomes, given: extraction.plan.scale, in: invocation.output)
      try refuseIfNothing(outcomes)
      var selection = DatasetCommand.selection(arguments)
      selection.sources = arguments.texts("sources")
      let dataset = try Reporting.run { try Dataset(study.project, tileSize: size, selection: selection) }
      showSample(dataset, among: Set(outcomes.map(\.slide.name)), in: invocation.output)
      return StudyDataset(project: project, dataset: dataset, basis: invocation.basis)
    })

  private static func normalizer(_ arguments: BoundArguments) throws -> StainNormalizer? {
    guard let method = arguments.text("normalizer").flatMap(StainNormalizer.Method.init(rawValue:)) else { return nil }
    return try StainChoice.normalizer(method, arguments) { _, _ in
      throw CommandFailure("No tile can be named before there are any.")
    }.normalizer
  }

  /// The slides that have a row in the annotations and a file, after the filters.
  private static func chosenSlides(_ study: Study, _ invocation: Invocation) throws -> [SlideFile] {
    let arguments = invocation.arguments
    let files = study.project.slideFiles(sources: arguments.texts("sources"))
    let folders = study.project.sources.compactMap(\.slides).map(\.withShortPaths)
    guard !files.isEmpty else {
      throw CommandFailure(
        folders.isEmpty
          ? "No source of the project names a folder of slides in datasets.json."
          : "There are no slides in \(folders.joined(separator: ", ")), \(ProjectFiles.searched).",
        remedy: "Put the slides there, or correct the slides folder in datasets.json.")
    }
    let annotations = study.project.annotations
    var kept = files.filter { annotations.contains(slide: $0.name) }
    let unknown = files.filter { !annotations.contains(slide: $0.name) }.map(\.name)
    if !unknown.isEmpty {
      invocation.output.note("Left out, no row in the annotations: \(named(unknown)).")
    }
    if let wanted = arguments.texts("slides") {
      if let missing = wanted.first(where: { name in !kept.contains { $0.name == name } }) {
        throw CommandFailure(
          "There is no file of slide \(missing) in \(folders.joined(separator: ", ")), \(ProjectFiles.searched).",
          remedy: kept.first.map { "slides=[\($0.name)]" }, parameter: "slides")
      }
      kept = kept.filter { wanted.contains($0.name) }
    } else {
      let missing = annotations.slides.filter { name in !files.contains { $0.name == name } }
      if !missing.isEmpty {
        invocation.output.note(
          "Left out, no slide file: \(named(missing)). Looked in \(folders.joined(separator: ", ")), "
            + "\(ProjectFiles.searched).")
      }
      let near = NearName.pairs(missing, unknown)
      let sentences = NearName.sentences(near, "in the annotations", otherPlace: "slide files")
      if kept.isEmpty, !near.isEmpty {
        throw CommandFailure(
          (["No slide is left to extract."] + sentences).joined(separator: " "),
          remedy: NearName.remedy(near, "in the annotations"))
      }
      for sentence in sentences { invocation.output.warn(sentence) }
    }
    let selection = DatasetCommand.selection(arguments)
    kept = try Reporting.run(parameter: "filters") {
      try kept.filter { slide in
        for filter in selection.filters
        where !filter.values.contains(try annotations.value(of: filter.column, slide: slide.name) ?? "") {
          return false
        }
        for column in selection.filterBlank
        where Annotations.isBlank(try annotations.value(of: column, slide: slide.name) ?? "") {
          return false
        }
        return true
      }
    }
    guard !kept.isEmpty else { throw CommandFailure("No slide is left to extract.", parameter: "filters") }
    return kept
  }

  private static func named(_ slides: [String]) -> String {
    "\(slides.count) (\(slides.prefix(5).joined(separator: ", "))\(slides.count > 5 ? ", …" : ""))"
  }

  /// Counts of the tile files of each folder that was written to; those of other files stay.
  private static func writeManifests(
    of outcomes: [SlideExtraction.Outcome], _ extraction: SlideExtraction
  ) throws {
    try Reporting.run {
      for (source, group) in Dictionary(grouping: outcomes, by: \.slide.source) {
        var counts: [String: Int] = [:]
        for outcome in group {
          guard case .extracted(let record) = outcome.state else { continue }
          counts[outcome.slide.name + ".tfrecords"] = record.count(.kept)
        }
        if !counts.isEmpty { try TFRecordManifest.update(counts: counts, in: try extraction.folder(of: source)) }
      }
    }
  }

  private static func show(
    _ outcomes: [SlideExtraction.Outcome], size: TileSize, basis: String?, in output: any OutputSink
  ) {
    var kept = 0
    var rows: [[DataTable.Cell]] = []
    for outcome in outcomes {
      var row: [DataTable.Cell] = [.text(outcome.slide.name)]
      switch outcome.state {
      case .extracted(let record):
        kept += record.count(.kept)
        row.append(.text("(\(record.rows), \(record.columns))"))
        row += CellVerdict.allCases.map { .integer(record.count($0)) }
      case .leftAsFound(let count, _):
        kept += count
        row += [.missing, .integer(count)] + CellVerdict.allCases.dropFirst().map { _ in .missing }
      case .failed: row += [.missing] + CellVerdict.allCases.map { _ in .missing }
      }
      rows.append(row)
    }
    let table = DataTable(
      columns: [DataTable.Column("slide"), DataTable.Column("grid (rows, columns)", alignment: .right)]
        + CellVerdict.allCases.map { DataTable.Column($0.words, .integer) },
      rows: rows,
      caption: "Tiles of \(size.label): \(outcomes.count.counted("slide")), \(kept.counted("tile")) kept"
        .followed(by: basis))
    output.show(table: table, maximumRows: 40)
    for outcome in outcomes {
      switch outcome.state {
      case .extracted(let record):
        let unreadable = record.count(.unreadable)
        if unreadable > 0 {
          output.warn("\(outcome.slide.name): \(unreadable.counted("region")) could not be read.")
        }
      case .leftAsFound(let count, let reason):
        output.warn(
          "\(outcome.slide.name): its file of \(count.counted("tile")) was there, \(reason), and is left as it is; "
            + "skip_extracted=false makes it anew.")
      case .failed(let reason, let remedy):
        output.warn(
          "\(outcome.slide.name) is left out: \(reason.withShortPaths)" + (remedy.map { " (\($0))" } ?? ""))
      }
    }
  }

  /// Who said how large the pixels of the slides are, and from which corner their regions were counted.
  private static func remark(
    on outcomes: [SlideExtraction.Outcome], given: GivenScale, in output: any OutputSink
  ) {
    var scales: [(slide: String, scale: SlideScale)] = []
    var scanned: [(slide: String, x: Int, y: Int)] = []
    for outcome in outcomes {
      guard case .extracted(let record) = outcome.state else { continue }
      let name = outcome.slide.name
      if let noted = record.scale {
        let file = noted.source == .file ? noted.micronsPerPixel : nil
        scales.append((name, SlideScale(file: file, given: given[name], hint: noted.doubt) ?? noted))
      }
      if let x = record.scannedX, let y = record.scannedY { scanned.append((name, x, y)) }
    }
    if let summary = SlideScale.summary(of: scales) { output.note(summary) }
    for remark in SlideScale.remarks(on: scales) { output.warn(remark) }
    if let remark = PlaceFrame.remark(onRegionsOf: scanned) { output.note(remark) }
  }

  private static func refuseIfNothing(_ outcomes: [SlideExtraction.Outcome]) throws(CommandFailure) {
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
      throw CommandFailure("No slide could be extracted. \(reason)", remedy: remedy)
    }
    let records = outcomes.compactMap { outcome in
      if case .extracted(let record) = outcome.state { record } else { nil }
    }
    if records.allSatisfy({ $0.rows * $0.columns == 0 }) {
      throw CommandFailure(
        "No slide has room for a tile of this size.", remedy: "a smaller tile_um", parameter: "tile_um")
    }
    throw CommandFailure(
      "No tile was kept: all are background, without tissue or outside the regions of interest.",
      remedy: "grayspace_fraction=1")
  }

  /// Some tiles of each slide, evenly taken from their files.
  private static func showSample(_ dataset: Dataset, among slides: Set<String>, in output: any OutputSink) {
    let sample = TileSample.even(
      dataset.slides.filter { slides.contains($0.name) }.map { ($0.name, dataset.tileCount(of: $0)) }, count: 24)
    let files = Dictionary(dataset.slides.map { ($0.name, $0.tfrecord) }) { first, _ in first }
    let tiles = sample.compactMap { tile -> ContactSheet.Tile? in
      guard let path = files[tile.slide], let file = try? TFRecordFile(path: path) else { return nil }
      return ContactSheet.Tile(
        image: try? file.image(tile.index, fittingSide: TileReading.side), captions: ["\(tile.slide):\(tile.index)"])
    }
    let sheet = ContactSheet(
      tiles: tiles, title: "Extracted tiles",
      footer: "\(tiles.count) of \(dataset.tileCount.counted("tile")), evenly taken from the slides.")
    guard let picture = try? sheet.inlinePNG(byteLimit: PictureValue.photographByteLimit) else { return }
    output.show(picture: picture, text: "Extracted tiles: \(tiles.count) of \(dataset.tileCount).")
  }
}
