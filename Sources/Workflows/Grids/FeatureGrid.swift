import Analysis
import FeatureData
import FeatureStore
import Foundation
import Rendering
import Slides

/// Activations over a whole slide, by rows and columns of its tile grid; places without tissue are masked.
struct FeatureGrid: SessionValue {
  let slide: WholeSlideImage
  let selection: TileSelection
  let overview: SlideOverview
  let modelPath: String
  let layers: [FeatureSet.LayerColumns]
  /// Places of the grid that were computed, by rows: `row * columns + column`, ascending.
  let cells: [Int]
  /// A row for each of `cells`: features, then logits.
  let values: Matrix
  let featureCount: Int
  /// What the logits are; without heads where there are none.
  let outputs: ModelOutputs
  /// What it was made from without being named, as in `Invocation.basis`.
  var basis: String?
  private var classNames: [String] { outputs.names }

  private var grid: TileGrid { selection.grid }
  var valueType: ValueType { .grid }
  var shape: String { "\(grid.rowCount) × \(grid.columnCount) × \(values.columnCount)" }
  var byteCount: Int { values.elements.count * MemoryLayout<Float>.size }
  var knownNames: KnownNames {
    var known = KnownNames(names: [
      NameKind.slide.key: [slide.name], NameKind.layer.key: layers.map(\.layer), NameKind.outcome.key: classNames,
    ])
    known.widths["features"] = layers.count == 1 ? featureCount : nil
    known.widths["logits"] = classNames.isEmpty ? nil : classNames.count
    return known
  }

  /// "13 rows × 13 columns × 514, 97 of 169 cells computed.", and which of them have no numbers.
  var caption: String {
    let lost = cells.indices.filter { row in values.row(row).contains { !$0.isFinite } }.map { place(cells[$0]) }
    let shown = lost.prefix(5).map { "row \($0.row) column \($0.column)" } + (lost.count > 5 ? ["…"] : [])
    let note =
      lost.isEmpty
      ? ""
      : " \(lost.count.counted("cell")) with NaN or infinity (\(shown.joined(separator: ", "))), grey where that is "
        + "shown."
    return
      ("\(grid.rowCount.counted("row")) × \(grid.columnCount.counted("column")) × \(values.columnCount), \(cells.count) of "
      + "\(grid.cellCount.counted("cell")) computed, tiles of \(grid.size.label) by \(grid.scale.words)")
      .followed(by: basis) + "." + note
  }

  /// A name for each column of the values, as `feature:` and `logit:` say them.
  private var columnNames: [String] {
    layers.flatMap { layer in
      (0..<layer.columns.count).map { layers.count == 1 ? "Feature_\($0)" : "\(layer.layer)/\($0)" }
    } + OutputColumn.names(of: outputs, byNumber: false)
  }

  func show(in output: any OutputSink) {
    do {
      let figure = try figure(by: nil, title: nil)
      output.show(
        picture: try figure.inlinePNG(byteLimit: PictureValue.photographByteLimit),
        text: "Grid of slide \(slide.name) by \(figure.colouring.label): " + (figure.footer ?? ""))
    } catch {
      output.warn("The grid cannot be shown. \(error.sentence)")
    }
    for remark in SlideScale.remarks(on: [(slide.name, grid.scale)]) { output.warn(remark) }
  }

  // MARK: Pictures

  /// The grid coloured by a quantity; nil shows the probability of the last class, or the number that the model gives;
  /// without logits the first feature.
  func figure(by aspect: TileAspect?, title: String?, showsLegend: Bool = true) throws -> HeatFigure {
    let colouring = try colouring(by: aspect)
    let missing =
      switch colouring {
      case .continuous(let values, _, _): cells.filter { !values[$0].isFinite }
      case .categorical(let indices, _, _): cells.filter { indices[$0] < 0 }
      }
    return HeatFigure(
      overview: overview.image, downsample: overview.downsample,
      lattice: HeatFigure.Lattice(
        rowCount: grid.rowCount, columnCount: grid.columnCount, stride: Double(grid.strideLength),
        tileSide: Double(grid.fullExtractPixels)),
      colouring: colouring, missingCells: Set(missing), micronsPerPixel: grid.micronsPerPixel,
      title: title ?? slide.name,
      footer: [caption, note(on: colouring)].compactMap(\.self).joined(separator: " "), showsLegend: showsLegend)
  }

  /// What the colours cannot show.
  private func note(on colouring: HeatFigure.Colouring) -> String? {
    switch colouring {
    case .continuous(let values, let range, let label):
      // Probabilities have the range of probabilities, whatever their values.
      range == 0...1 ? nil : ColourNote.values(values, label: label, noun: "cells")
    case .categorical(let indices, let names, let label):
      ColourNote.classes(indices, names: names, label: label)
    }
  }

  private func colouring(by aspect: TileAspect?) throws -> HeatFigure.Colouring {
    switch aspect {
    case nil: try colouring(by: Quantity?.none)
    case .quantity(let quantity)?: try colouring(by: quantity)
    case .labels?: throw Self.isOfOneSlide
    }
  }

  private static var isOfOneSlide: WorkflowFailure {
    WorkflowFailure(
      "A grid is of one slide, and shows a feature, a logit or the prediction.", remedy: "by=feature:0", parameter: "by"
    )
  }

  private func colouring(by quantity: Quantity?) throws -> HeatFigure.Colouring {
    let columns = ActivationColumns(owner: "This grid has", layers: layers, outputs: outputs)
    switch quantity {
    case nil where classNames.isEmpty:
      return continuous(values.column(0), label: "activation of feature \(layers.first?.layer ?? "")/0")
    case nil:
      let column = outputs.columns(of: 0).upperBound - 1
      let shown = cells.indices.map { outputs.probabilities(of: outputs(of: $0))[column] }
      return continuous(
        shown, label: outputs.probabilityTitle(column), range: outputs.heads[0].meaning == .numbers ? nil : 0...1)
    case .feature(let layer, let index)?:
      let name = (layer.map { $0 + "/" } ?? "") + String(index)
      let column = try Reporting.run(parameter: "by") { try columns.feature(layer: layer, index: index) }
      return continuous(values.column(column), label: "activation of feature \(name)")
    case .logit(let name)?:
      let index = try Reporting.run(parameter: "by") { try columns.logit(name) }
      let areProbabilities = outputs.heads[outputs.head(ofColumn: index)].areProbabilities
      return continuous(
        values.column(featureCount + index), label: outputs.title(index), range: areProbabilities ? 0...1 : nil)
    case .prediction(let name)?:
      guard outputs.count > 0 else { throw Reporting.translated(columns.noLogits, parameter: "by") }
      let head = try outputs.headWithClasses(
        name, for: "by=prediction", of: "The model \(modelPath.withShortPaths)", parameter: "by")
      var indices = [Int](repeating: -1, count: grid.cellCount)
      let first = outputs.columns(of: head).lowerBound
      for (row, cell) in cells.enumerated() {
        indices[cell] = outputs.predictedColumn(of: head, in: outputs(of: row)).map { $0 - first } ?? -1
      }
      return .categorical(
        indices: indices, names: outputs.heads[head].outputNames, label: outputs.predictionTitle(of: head))
    case .column?, .slide?, .cluster?, .uncertainty?: throw Self.isOfOneSlide
    }
  }

  private func outputs(of row: Int) -> ArraySlice<Float> { values.row(row).dropFirst(featureCount) }

  private func continuous(
    _ computed: [Float], label: String, range: ClosedRange<Double>? = nil
  ) -> HeatFigure.Colouring {
    var all = [Float](repeating: .nan, count: grid.cellCount)
    for (cell, value) in zip(cells, computed) { all[cell] = value }
    let finite = computed.filter(\.isFinite)
    let found = Double(finite.min() ?? 0)...Double(finite.max() ?? 0)
    return .continuous(values: all, range: range ?? found, label: label)
  }

  // MARK: Files

  static let fileExtensions = ["png", "svg", "pdf", "h5", "csv", "geojson"]

  /// The bytes of a file by its extension; nil for one that grids are not saved as.
  func bytes(as fileExtension: String) throws -> [UInt8]? {
    switch fileExtension {
    case "csv": return Array(table.csv().utf8)
    case "geojson": return Array(geoJSON.utf8)
    case "h5": return try hdf5()
    default:
      guard let format = PictureFormat(fileExtension: fileExtension) else { return nil }
      return try figure(by: nil, title: nil).encoded(as: format).bytes
    }
  }

  /// From where and in what the places in such a file are counted; nil where there are none.
  func frame(as fileExtension: String) -> String? {
    let scanned = slide.scannedPart
    switch fileExtension {
    case "geojson":
      guard let scanned else { return "Places are pixels of level 0, which QuPath counts as OpenSlide does." }
      return
        "Places are counted as in QuPath, from the corner of the scanned part, which is (\(scanned.x), \(scanned.y)) of "
        + "level 0 (openslide.bounds-x, bounds-y): that was subtracted."
    case "csv", "h5":
      let what = fileExtension == "csv" ? "x and y are cells' upper left corners in" : "tile_side and stride are"
      return "\(what) \(PlaceFrame.level0)." + (scanned.map { " QuPath counts from (\($0.x), \($0.y))." } ?? "")
    default: return nil
    }
  }

  private func place(_ cell: Int) -> TileGrid.Cell {
    TileGrid.Cell(column: cell % grid.columnCount, row: cell / grid.columnCount)
  }

  /// A row for each cell that was computed: its place, its upper left corner in level-0 pixels, and its values.
  private var table: DataTable {
    let places = ["row", "column", "x", "y"].map { DataTable.Column($0, .integer) }
    let rows: [[DataTable.Cell]] = cells.enumerated().map { row, cell in
      let place = place(cell)
      let corner = grid.origin(of: place)
      return [.integer(place.row), .integer(place.column), .integer(corner.x), .integer(corner.y)]
        + values.row(row).map { .number(Double($0)) }
    }
    return DataTable(
      columns: places + columnNames.map { DataTable.Column($0, .number(significantDigits: 9)) }, rows: rows)
  }

  /// What QuPath imports: a square for each cell that was computed, with its values as measurements; in pixels of level 0
  /// from the corner of the scanned part, which is all of a slide that QuPath shows.
  private var geoJSON: String {
    let names = columnNames.map(Self.quoted)
    let side = grid.fullExtractPixels
    let scanned = slide.scannedPart
    let features = cells.enumerated().map { row, cell in
      let origin = grid.origin(of: place(cell))
      let (x, y) = (origin.x - (scanned?.x ?? 0), origin.y - (scanned?.y ?? 0))
      let corners = [(x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)]
      let ring = corners.map { "[\($0.0),\($0.1)]" }.joined(separator: ",")
      // JSON knows no NaN.
      let measurements = zip(names, values.row(row)).compactMap { $1.isFinite ? "\($0):\($1)" : nil }
      return #"{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[\#(ring)]]},"#
        + #""properties":{"objectType":"tile","measurements":{\#(measurements.joined(separator: ","))}}}"#
    }
    return #"{"type":"FeatureCollection","features":["# + "\n" + features.joined(separator: ",\n") + "\n]}\n"
  }

  private static func quoted(_ text: String) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    return (try? encoder.encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
  }

  /// The largest grid that is written whole.
  private static let largestFile = 4 << 30

  private func hdf5() throws -> [UInt8] {
    guard grid.cellCount * values.columnCount < Self.largestFile / MemoryLayout<Float>.size else {
      throw WorkflowFailure(
        "The whole grid of \(shape) is too large for a file, for masked cells take room too.",
        remedy: "save it as .csv, which leaves them out")
    }
    let path = NSTemporaryDirectory() + "tessera-grid-\(UUID().uuidString).h5"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try GridFile(
      slide: slide.name, tiles: grid.size.label, rowCount: grid.rowCount, columnCount: grid.columnCount,
      tileSide: grid.fullExtractPixels, stride: grid.strideLength,
      layers: layers.map { StoredLayer(layer: $0.layer, width: $0.columns.count) }, outputs: outputs, cells: cells,
      values: values, micronsPerPixel: grid.scale.micronsPerPixel, scaleSource: grid.scale.source.rawValue,
      scanned: slide.scannedPart.map { TileLocation(x: $0.x, y: $0.y) }
    ).write(to: path)
    return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
  }
}
