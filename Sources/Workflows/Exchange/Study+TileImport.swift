package import FeatureData
package import Rendering
package import Slides

/// Loose pictures of tiles, put into TFRecords of a study.
package struct TileImportRequest: Sendable {
  /// What x and y in the names of files are.
  package enum Places: String, Sendable, CaseIterable {
    case corners, centers, none
  }

  package let folder: String
  package let extent: TileSize.Extent
  /// Nil for that of most tiles.
  package var pixels: Int?
  /// A table that says which file belongs to which slide.
  package var manifest: String?
  /// Nil for corners where the numbers are pixels by all appearances.
  package var places: Places?
  /// Nil for the first.
  package var source: String?
  /// Writes tile files anew that are there.
  package var replaces = false

  package init(folder: String, extent: TileSize.Extent) {
    self.folder = folder
    self.extent = extent
  }
}

/// What became of loose tiles.
package struct TileImportReport: Sendable {
  private let study: Study
  private let size: TileSize
  private let outcomes: [TileImport.Outcome]
  private let basis: String?

  fileprivate init(_ study: Study, _ size: TileSize, _ outcomes: [TileImport.Outcome], basis: String?) {
    self.study = study
    self.size = size
    self.outcomes = outcomes
    self.basis = basis
  }

  /// A row for each slide.
  package var table: DataTable {
    let total = outcomes.reduce(0) { $0 + $1.written }
    return DataTable(
      columns: [
        DataTable.Column("slide"), DataTable.Column("tiles", .integer), DataTable.Column("left out", .integer),
      ],
      rows: outcomes.map { [.text($0.slide), .integer($0.written), .integer($0.faults.count)] },
      caption: "Imported tiles of \(size.label): \(outcomes.count.counted("slide")), \(total.counted("tile"))"
        .followed(by: basis))
  }

  /// Files that were there, and those that were left out.
  package var remarks: [Remark] {
    var remarks: [Remark] = []
    for outcome in outcomes {
      if outcome.wasThere {
        remarks.append(
          .warning("\(outcome.slide): its tile file was there and is left as it is; replace=true writes it anew."))
      }
      if !outcome.faults.isEmpty {
        let shown = outcome.faults.prefix(3).map { "\($0.file.withShortPaths): \($0.reason)" }.joined(separator: "; ")
        remarks.append(
          .warning(
            "\(outcome.slide): \(outcome.faults.count.counted("file")) left out: \(shown)\(outcome.faults.count > 3 ? "; …" : ".")"
          ))
      }
    }
    return remarks
  }

  /// All slides with tiles of the size, and what is to be said of those that are in no dataset.
  package func dataset() throws -> (dataset: StudyDataset, remarks: [Remark]) {
    let dataset = try StudyDataset(study, size: size, basis: basis)
    var remarks: [Remark] = []
    let unknown = outcomes.map(\.slide).filter { !study.project.annotations.contains(slide: $0) }
    if !unknown.isEmpty {
      remarks.append(
        .note(
          "Without a row in the annotations, and so in no dataset: \(unknown.count) "
            + "(\(unknown.prefix(5).joined(separator: ", "))\(unknown.count > 5 ? ", …" : ""))."))
    }
    if !dataset.dataset.nearNames.isEmpty {
      remarks.append(.warning(Dataset.Remark.nearNames(dataset.dataset.nearNames).sentence))
    }
    return (dataset, remarks)
  }
}

extension Study {
  package func importTiles(
    _ request: TileImportRequest, basis: String? = nil, remarks: any RemarkSink, monitor: any WorkMonitor
  ) throws -> TileImportReport {
    let folder = try tileFolder(ofSource: request.source)
    var listing = try Reporting.run(parameter: request.manifest == nil ? "folder" : "manifest") {
      try LooseTiles(
        folder: request.folder, manifest: request.manifest, known: Set(project.annotations.slides))
    }
    for note in listing.notes {
      remarks.note("\((request.manifest ?? "").withShortPaths): \(note.sentence)")
    }
    let pixels = try Reporting.run { try request.pixels ?? listing.commonSide(monitor: monitor) }
    let size = TileSize(pixels: pixels, extent: request.extent)
    for remark in listing.remarks { remarks.note(remark) }
    try TilePlacing(project, size: size, asked: request.places).settle(&listing, remarks: remarks)
    let importing = TileImport(
      tiles: listing, size: size, folder: folder + "/" + size.label, replaces: request.replaces)
    try PathResolution.makeFolder(importing.folder)
    let outcomes = try Reporting.run { try importing.run(monitor: monitor) }
    return TileImportReport(self, size, outcomes, basis: basis)
  }

  /// The folder of TFRecords of the source that gets the tiles.
  private func tileFolder(ofSource name: String?) throws(WorkflowFailure) -> String {
    let sources = project.sources
    guard let source = name == nil ? sources.first : sources.first(where: { $0.name == name }) else {
      throw WorkflowFailure(
        name == nil ? "The project has no source." : "The project has no source \(name ?? "").",
        remedy: sources.first.map { "source=\($0.name)" }, parameter: "source")
    }
    guard let folder = source.tfrecords else {
      throw WorkflowFailure(
        "The source \(source.name) names no folder for TFRecords in datasets.json.",
        remedy: "\"tfrecords\": \"./tfrecords\" in the source \(source.name)")
    }
    return folder
  }
}
