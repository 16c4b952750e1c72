import Foundation

/// The slides of a project that are worked on, with their tiles at one size.
package struct Dataset: Sendable {
  /// One slide with its tile file.
  package struct Slide: Sendable, Equatable {
    package let name: String
    package let source: String
    package let tfrecord: String
    /// Records in the file, before `maxTiles`.
    package let recordCount: Int
    /// What is wrong with the file, as far as that is known.
    package let findings: [TFRecordSummary.Finding]
  }

  /// Slides that are left out, and why.
  package struct Removal: Sendable, Equatable {
    /// Such as "blank in site".
    package let reason: String
    package let slides: [String]
  }

  /// What chooses the slides of a dataset.
  package struct Selection: Sendable, Hashable, Codable {
    /// All columns must match; within a column one of the values.
    package var filters: [Filter] = []
    /// Slides blank in one of these columns are left out.
    package var filterBlank: [String] = []
    /// Slides with fewer tiles are left out.
    package var minTiles = 0
    /// The first N records of each file; 0 for all.
    package var maxTiles = 0
    /// Names of sources; nil for all.
    package var sources: [String]?
    /// Some records of some slides, by the slides' names, ascending: no others are used. Nil for all.
    package var records: [String: [Int]]?

    package init() {}
  }

  package struct Filter: Sendable, Hashable, Codable {
    package let column: String
    package let values: [String]

    package init(column: String, values: [String]) {
      self.column = column
      self.values = values
    }
  }

  package let project: Project
  package let tileSize: TileSize
  package let selection: Selection
  /// Sorted by name.
  package let slides: [Slide]
  package let removals: [Removal]
  /// Names of the annotations that nearly are those of tile files.
  package let nearNames: [NearName]

  package var maxTiles: Int { selection.maxTiles }

  /// Records of a slide that are used.
  package func tileCount(of slide: Slide) -> Int {
    let count = records(of: slide)?.count ?? slide.recordCount
    return maxTiles > 0 ? min(maxTiles, count) : count
  }

  /// Those that were chosen among the records of a slide; nil for all.
  package func records(of slide: Slide) -> [Int]? {
    selection.records.map { ($0[slide.name] ?? []).filter { $0 < slide.recordCount } }
  }

  /// The record that a tile of a slide is.
  package func record(_ tile: Int, of slide: Slide) -> Int { records(of: slide)?[tile] ?? tile }

  package var tileCount: Int { slides.reduce(0) { $0 + tileCount(of: $1) } }

  /// Chooses slides of a project.
  ///
  /// - Parameter tileSize: nil for the only size there is.
  /// - Throws: `ProjectError`; also when no slide is left.
  package init(_ project: Project, tileSize: TileSize?, selection: Selection) throws(ProjectError) {
    let sizes = project.tileSizes
    let size: TileSize
    if let tileSize {
      size = tileSize
    } else if let only = sizes.first, sizes.count == 1 {
      size = only
    } else if sizes.isEmpty {
      throw .noTilesAtAll(folders: Self.folders(project), missing: project.missingFolders(.tfrecords))
    } else {
      throw .severalTileSizes(sizes.map(\.label))
    }
    let found = try Self.tileFiles(project, size, sources: selection.sources)
    guard !found.isEmpty else {
      throw sizes.isEmpty
        ? .noTiles(
          label: size.label, available: [], folders: Self.folders(project), missing: project.missingFolders(.tfrecords))
        : .noTiles(label: size.label, available: sizes.map(\.label))
    }

    let annotations = project.annotations
    let withTiles = Set(found.map(\.name))
    var removals: [Removal] = []
    func remove(_ reason: String, _ slides: [String]) {
      if !slides.isEmpty { removals.append(Removal(reason: reason, slides: slides)) }
    }
    let withoutTiles = annotations.slides.filter { !withTiles.contains($0) }.sorted()
    let withoutRow = found.map(\.name).filter { !annotations.contains(slide: $0) }
    remove("no tiles of \(size.label)", withoutTiles)
    remove("no row in the annotations", withoutRow)
    nearNames = NearName.pairs(withoutTiles, withoutRow)
    var kept = found.filter { annotations.contains(slide: $0.name) }
    func keep(_ reason: String, _ isKept: (Slide) throws(ProjectError) -> Bool) throws(ProjectError) {
      var left: [Slide] = []
      var gone: [String] = []
      for slide in kept { if try isKept(slide) { left.append(slide) } else { gone.append(slide.name) } }
      kept = left
      remove(reason, gone)
    }
    for filter in selection.filters {
      let wanted = filter.values.joined(separator: " or ")
      try keep("\(filter.column) is not \(wanted)") { slide throws(ProjectError) in
        try annotations.matches(slide.name, filter)
      }
    }
    for column in selection.filterBlank {
      try keep("blank in \(column)") { slide throws(ProjectError) in
        try !annotations.isBlank(slide.name, in: column)
      }
    }
    try keep("no tiles in the file") { slide throws(ProjectError) in slide.recordCount > 0 }
    if let records = selection.records {
      try keep("no tile that is selected") { slide throws(ProjectError) in records[slide.name]?.isEmpty == false }
    }
    if selection.minTiles > 0 {
      try keep("fewer than \(selection.minTiles) tiles") { slide throws(ProjectError) in
        slide.recordCount >= selection.minTiles
      }
    }
    guard !kept.isEmpty else {
      throw .noSlidesLeft(
        removed: removals.map { "\($0.slides.count): \($0.reason) (\(AnnotationNote.list($0.slides)))." },
        near: nearNames)
    }
    self.project = project
    self.tileSize = size
    self.selection = selection
    slides = kept.sorted { $0.name < $1.name }
    self.removals = removals
  }

  /// The folders in which tiles are looked for, each once.
  private static func folders(_ project: Project) -> [String] {
    project.sources.compactMap(\.tfrecords).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  private static func tileFiles(
    _ project: Project, _ size: TileSize, sources: [String]?
  ) throws(ProjectError) -> [Slide] {
    let known = project.sources.map(\.name)
    for name in sources ?? [] where !known.contains(name) {
      throw .unknownSource(name: name, known: known, path: project.folder + "/datasets.json")
    }
    var slides: [Slide] = []
    var pathByName: [String: String] = [:]
    for source in project.sources where sources?.contains(source.name) ?? true {
      guard let root = source.tfrecords else { continue }
      let folder = root + "/" + size.label
      let counts = TFRecordManifest.counts(in: folder)
      for file in ProjectFiles.TileFolder(folder).files {
        if let other = pathByName[file.slide] {
          // Sources may share a folder of tiles.
          if FileIdentity.isSame(other, file.path) { continue }
          throw .duplicateTiles(slide: file.slide, first: other, second: file.path)
        }
        pathByName[file.slide] = file.path
        let summary = project.indexes.summary(
          of: file, manifestCount: counts[file.slide + TFRecordIndexes.ending])
        slides.append(
          Slide(
            name: file.slide, source: source.name, tfrecord: file.path, recordCount: summary.count,
            findings: summary.findings))
      }
    }
    return slides
  }
}
