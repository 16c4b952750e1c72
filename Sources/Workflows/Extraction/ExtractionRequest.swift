package import FeatureData
package import Slides

/// Which slides of a study are cut into tiles, and how.
package struct ExtractionRequest: Sendable {
  package var plan: TilePlan
  /// Names of slides; nil for all that have a file.
  package var slides: [String]?
  package var filters: [Dataset.Filter] = []
  package var filterBlank: [String] = []
  /// Nil for all.
  package var sources: [String]?
  package var format = TileExtraction.Format()
  package var normalizer: StainNormalizer?
  /// Keeps the tile files that are there.
  package var skipsExtracted = true

  package init(_ plan: TilePlan) { self.plan = plan }

  /// The files of the slides that have a row in the annotations, after the filters.
  func files(in study: Study, remarks: any RemarkSink) throws -> [SlideFile] {
    let files = study.project.slideFiles(sources: sources)
    let folders = study.project.sources.compactMap(\.slides).map(\.withShortPaths)
    guard !files.isEmpty else {
      let missing = study.project.missingFolders(.slides)
      throw WorkflowFailure(
        folders.isEmpty
          ? "No source of the project names a folder of slides in datasets.json."
          : "There are no slides in \(folders.joined(separator: ", ")), \(ProjectFiles.searched)."
            + MissingFolder.sentences(missing).map { " " + $0.withShortPaths }.joined(),
        remedy: missing.lazy.compactMap(\.remedy).first
          ?? "Put the slides there, or correct the slides folder in datasets.json.")
    }
    let annotations = study.project.annotations
    var kept = files.filter { annotations.contains(slide: $0.name) }
    let unknown = files.filter { !annotations.contains(slide: $0.name) }.map(\.name)
    if !unknown.isEmpty {
      remarks.note("Left out, no row in the annotations: \(Self.named(unknown)).")
    }
    if let wanted = slides {
      if let missing = wanted.first(where: { name in !kept.contains { $0.name == name } }) {
        throw WorkflowFailure(
          "There is no file of slide \(missing) in \(folders.joined(separator: ", ")), \(ProjectFiles.searched).",
          remedy: kept.first.map { "slides=[\($0.name)]" }, parameter: "slides")
      }
      kept = kept.filter { wanted.contains($0.name) }
    } else {
      let missing = annotations.slides.filter { name in !files.contains { $0.name == name } }
      if !missing.isEmpty {
        remarks.note(
          "Left out, no slide file: \(Self.named(missing)). Looked in \(folders.joined(separator: ", ")), "
            + "\(ProjectFiles.searched).")
      }
      let near = NearName.pairs(missing, unknown)
      let sentences = NearName.sentences(near, "in the annotations", otherPlace: "slide files")
      if kept.isEmpty, !near.isEmpty {
        throw WorkflowFailure(
          (["No slide is left to extract."] + sentences).joined(separator: " "),
          remedy: NearName.remedy(near, "in the annotations"))
      }
      for sentence in sentences { remarks.warn(sentence) }
    }
    kept = try SlideSelection(filters: filters, filterBlank: filterBlank).chosen(from: kept, annotations) { $0.name }
    guard !kept.isEmpty else { throw WorkflowFailure("No slide is left to extract.", parameter: "filters") }
    return kept
  }

  /// What the tiles are a dataset of.
  var selection: Dataset.Selection {
    var selection = Dataset.Selection()
    selection.filters = filters
    selection.filterBlank = filterBlank
    selection.sources = sources
    return selection
  }

  private static func named(_ slides: [String]) -> String {
    "\(slides.count) (\(slides.prefix(5).joined(separator: ", "))\(slides.count > 5 ? ", …" : ""))"
  }
}

extension Study {
  /// Cuts slides into tiles, as TFRecords in slideflow's layout. What was extracted before is kept.
  ///
  /// - Parameter executor: nil for this process.
  package func extractTiles(
    _ request: ExtractionRequest, basis: String? = nil, executor: (any Executor)? = nil, remarks: any RemarkSink,
    monitor: any WorkMonitor
  ) throws -> ExtractionReport {
    let files = try request.files(in: self, remarks: remarks)
    let plan = ExtractionPlan(request, slides: files, in: self)
    var outcomes: [SlideExtraction.Outcome] = []
    do {
      try (executor ?? LocalExecutor(study: self)).run(plan, monitor: monitor) { outcomes.append($0) }
    } catch is WorkInterrupted {
      try writeManifests(of: outcomes, size: request.plan.size)
      let done = outcomes.count
      remarks.note(
        "\(done) of \(files.count.counted("slide")) \(done == 1 ? "is" : "are") extracted and kept; the same "
          + "statement goes on from there.")
      throw WorkInterrupted()
    }
    try writeManifests(of: outcomes, size: request.plan.size)
    return ExtractionReport(study: self, request: request, outcomes: outcomes, basis: basis)
  }
}
