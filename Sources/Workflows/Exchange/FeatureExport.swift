import FeatureData
import FeatureStore
import Foundation
import Inference
import Rendering
import Slides

/// Writes features for other programs: a table, TRIDENT's HDF5, or slideflow's bags. Slides are written one by one, so that
/// features need never be in memory as a whole.
package struct FeatureExport {
  /// Whose files a folder is filled with.
  package enum Layout: String, Sendable, CaseIterable {
    case slideflow, trident
  }

  private let features: FeatureSet
  private let path: String
  /// Nil for all.
  private let columns: SavedColumns?
  /// As it was typed.
  private let columnsText: String
  private let subject: String
  private let spelling: (String) -> String
  private let monitor: any WorkMonitor

  /// - Returns: what was written; nil where features are not saved so.
  fileprivate static func saved(_ features: FeatureSet, _ request: SaveRequest) throws -> String? {
    let path = request.path
    let export = FeatureExport(
      features: features, path: path, columns: try request.columns.map(features.savedColumns),
      columnsText: request.columnsText, subject: request.subject,
      spelling: request.spelling,
      monitor: request.monitor)
    return try Reporting.run(parameter: "path") {
      let ending = request.fileExtension
      switch (request.layout, ending) {
      case (let layout?, _) where !["csv", "h5"].contains(ending): return try export.folder(layout)
      case (nil, "csv"): return try export.table()
      case (nil, "h5"), (.trident, "h5"): return try export.file()
      case (let layout?, _):
        throw WorkflowFailure(
          "`format` fills a folder, and \(path) is the name of a file.",
          remedy: "save \(export.subject) \((path as NSString).deletingPathExtension) format=\(layout.rawValue)")
      case (nil, ""):
        throw WorkflowFailure(
          "A folder of features can have several layouts.",
          remedy: "save \(export.subject) \(path) format=slideflow, or format=trident", parameter: "format")
      default: return nil
      }
    }
  }

  // MARK: A folder

  private func folder(_ layout: Layout) throws -> String {
    try checkFinite()
    let chosen = try chosenFeatures()
    if layout == .trident { for slide in features.slides { _ = try corners(of: slide) } }
    try PathResolution.makeFolder(path)
    let factor = features.dataset?.locationFactor ?? 1
    var (slideCount, tileCount) = (0, 0)
    for (index, slide) in features.slides.enumerated() {
      try monitor.checkInterrupted()
      let rows = features.usableRows(of: index)
      // A slide of nothing but NaN is said to be left out; one that never had tiles stays as it is.
      if rows.isEmpty && slide.tileCount > 0 { continue }
      switch layout {
      case .slideflow:
        try bag {
          () throws(BagError) in
          try SlideflowBag.write(
            activations(of: index, chosen),
            centres: centres(of: slide, factor).map { centres in rows.map { centres[$0] } }, slide: slide.name, to: path
          )
        }
      case .trident: try trident(index, chosen, to: "\(path)/\(FeatureStore.fileName(of: slide.name)).h5")
      }
      (slideCount, tileCount) = (slideCount + 1, tileCount + rows.count)
      monitor.report(phase: "saving", unit: "slides", done: index + 1, total: features.slides.count)
    }
    if layout == .slideflow {
      try bag { () throws(BagError) in try SlideflowBag.write(configuration, to: path) }
    }
    let what =
      "\(slideCount.counted("slide")), \(tileCount) tiles × \(chosen?.count ?? features.featureCount), in \(path)"
    return saved(what, frame(layout))
  }

  /// In pixels, also where the tile records have tenths of them.
  private func centres(of slide: FeatureSet.Slide, _ factor: Int) -> [TileLocation]? {
    guard factor != 1, let locations = slide.stored.locations else { return slide.stored.locations }
    if let corners = slide.stored.corners, let side = corners.sidePixels {
      return corners.corners.map { TileLocation(x: $0.x + side / 2, y: $0.y + side / 2) }
    }
    return locations.map { TileLocation(x: $0.x * factor, y: $0.y * factor) }
  }

  /// What places in the files are, and how the tiles' extents are known.
  private func frame(_ layout: Layout) -> String {
    switch layout {
    case .slideflow: return "Places are tiles' centres in \(PlaceFrame.level0)."
    case .trident:
      return "coords are tiles' upper left corners in \(PlaceFrame.level0); their extents: "
        + features.extentOrigins + "."
    }
  }

  private func checkFinite() throws(WorkflowFailure) {
    let isUseless = features.slides.indices.allSatisfy { features.usableRows(of: $0).isEmpty }
    if isUseless, features.tileCount > 0 { throw features.nothingFinite() }
  }

  /// What was saved, and what was not.
  private func saved(_ what: String, _ frame: String?) -> String {
    ["Saved \(what).", frame, features.leftOut()].compactMap(\.self).joined(separator: " ")
  }

  private var configuration: SlideflowConfiguration {
    var microns: Double?
    if case .microns(let side)? = features.tileSize?.extent { microns = Double(side) }
    return SlideflowConfiguration(
      extractor: nil, normalizer: features.normalizer, featureCount: columns?.features?.count ?? features.featureCount,
      tilePixels: features.tileSize?.pixels, tileMicrons: microns)
  }

  // MARK: TRIDENT's HDF5

  private func file() throws -> String {
    guard features.slides.count == 1 else {
      throw WorkflowFailure(
        "A TRIDENT file holds one slide, and these features have \(features.slides.count).",
        remedy: "save \(subject) \((path as NSString).deletingPathExtension) format=trident")
    }
    try checkFinite()
    let chosen = try chosenFeatures()
    try PathResolution.makeFolder(ofFile: path)
    try trident(0, chosen, to: path)
    let width = chosen?.count ?? features.featureCount
    return saved("\(path): \(features.usableRows(of: 0).count) tiles × \(width)", frame(.trident))
  }

  /// The features that are chosen; nil for all.
  private func chosenFeatures() throws(WorkflowFailure) -> [Int]? {
    guard let columns else { return nil }
    guard let chosen = columns.features else {
      throw WorkflowFailure(
        "Files for other programs hold features alone, and other columns are chosen too; a table holds all kinds.",
        remedy: "save \(subject) \((path as NSString).deletingPathExtension).csv\(columnsText)",
        parameter: "columns")
    }
    return chosen
  }

  private func activations(of slide: Int, _ chosen: [Int]?) -> Matrix {
    let all = features.usableActivations(of: slide)
    guard let chosen else { return all }
    return Matrix(
      rowCount: all.rowCount, columnCount: chosen.count,
      elements: (0..<all.rowCount).flatMap { row in chosen.map { all[row, $0] } })
  }

  private func trident(_ index: Int, _ chosen: [Int]?, to path: String) throws {
    let slide = features.slides[index]
    let corners = try corners(of: slide)
    let encoder = features.model.map { ($0.model.path as NSString).lastPathComponent } ?? slide.stored.engine
    try bag { () throws(BagError) in
      try TRIDENTFile.write(
        activations(of: index, chosen), corners: features.usableRows(of: index).map { corners.corners[$0] },
        slide: slide.name,
        attributes: TRIDENTFile.Attributes(
          encoder: encoder, patchSize: corners.tilePixels, patchSizeLevel0: corners.sidePixels,
          level0Width: corners.slideSize?.width, level0Height: corners.slideSize?.height), to: path)
    }
  }

  private func corners(of slide: FeatureSet.Slide) throws(WorkflowFailure) -> TileCorners {
    if let corners = slide.stored.corners { return corners }
    let why =
      slide.stored.locations == nil
      ? "its tiles have no places" : "how large its tiles are on the slide is not known, only where their centres lie"
    throw WorkflowFailure(
      "TRIDENT's files hold the top left corner of each tile, and of \(slide.name) they cannot be told: \(why).",
      remedy:
        "the same statement that made \(subject), with mpp={\(spelling(slide.name)): …}, as its scanner "
        + "has it",
      parameter: "path")
  }

  private func bag(_ body: () throws(BagError) -> Void) throws(WorkflowFailure) {
    do throws(BagError) { try body() } catch { throw WorkflowFailure(error.description, remedy: error.remedy) }
  }

  // MARK: A table

  /// A row for each tile: slide, record, centre, outputs, features, other numbers; columns begin as in slideflow's export, and outputs go by
  /// their names.
  private func table() throws -> String {
    try checkFinite()
    var formulaCount = 0
    let byteCount = try PathResolution.write(to: path) { append in
      for (index, slide) in features.slides.enumerated() {
        try monitor.checkInterrupted()
        // Of a slide with very many tiles only some are in memory as text.
        let usable = features.usableRows(of: index)
        for start in stride(from: 0, to: max(usable.count, 1), by: 1000) {
          let table = rows(of: slide, Array(usable[start..<min(start + 1000, usable.count)]))
          formulaCount += table.formulaCount
          try append(Array((index == 0 && start == 0 ? table.csv() : table.csvRows()).utf8))
        }
        monitor.report(phase: "saving", unit: "slides", done: index + 1, total: features.slides.count)
      }
    }
    let places =
      features.slides.contains { $0.stored.locations != nil }
      ? "Location_x and Location_y are tiles' centres in \(PlaceFrame.ofLocations(in: features))." : nil
    let remarks = [places].compactMap(\.self) + DataTable.formulaRemarks(formulaCount)
    return saved("\(path), \(byteCount.byteText)", remarks.isEmpty ? nil : remarks.joined(separator: " "))
  }

  private func chosenRows(of slide: FeatureSet.Slide, _ rows: [Int], _ places: [DataTable.Column]) -> DataTable {
    DataTable(
      columns: places + (columns?.columns ?? []),
      rows: rows.map { row in place(of: slide, row) + (columns?.cells(slide.savedRow(row)) ?? []) })
  }

  private func place(of slide: FeatureSet.Slide, _ row: Int) -> [DataTable.Cell] {
    let location = slide.stored.locations?[row]
    return [
      .text(slide.name), .integer(slide.records[row]), location.map { .integer($0.x) } ?? .missing,
      location.map { .integer($0.y) } ?? .missing,
    ]
  }

  private func rows(of slide: FeatureSet.Slide, _ rows: [Int]) -> DataTable {
    var columns = [
      DataTable.Column("Slide"), DataTable.Column("Tile", .integer), DataTable.Column("Location_x", .integer),
      DataTable.Column("Location_y", .integer),
    ]
    guard self.columns == nil else { return chosenRows(of: slide, rows, columns) }
    columns += OutputColumn.names(of: features.outputs, byNumber: false).map {
      DataTable.Column($0, .number(significantDigits: 9))
    }
    columns += features.columnNames.map { DataTable.Column("Feature_\($0)", .number(significantDigits: 9)) }
    let quantities = features.quantityNames
    columns += quantities.map { DataTable.Column($0, .number(significantDigits: 9)) }
    let numbers = quantities.map { name in slide.quantities.first { $0.name == name }?.values }
    let activations = slide.stored.features.matrix(of: rows)
    let logits = slide.stored.logits?.matrix(of: rows)
    let cells: [[DataTable.Cell]] = rows.enumerated().map { index, row in
      let values = (logits.map { Array($0.row(index)) } ?? []) + activations.row(index)
      return place(of: slide, row) + values.map { .number(Double($0)) }
        + numbers.map { $0.map { .number(Double($0[row])) } ?? .missing }
    }
    return DataTable(columns: columns, rows: cells)
  }
}

extension FeatureSet: Saveable {
  package static var fileExtensions: [String] { ["csv", "h5"] }
  package var hasLayouts: Bool { true }

  package func save(_ request: SaveRequest) throws -> [String] {
    if let sentence = try FeatureExport.saved(self, request) { return [sentence] }
    throw WorkflowFailure(
      "Features are saved as a table (.csv), for one slide as .h5, or to a folder with `format`.",
      remedy: "save \(request.subject) \((request.path as NSString).deletingPathExtension).csv", parameter: "path")
  }
}
