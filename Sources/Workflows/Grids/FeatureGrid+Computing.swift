package import FeatureData
import Foundation
import Inference
package import Slides

/// How activations over a whole slide are asked for.
package struct GridRequest: Sendable {
  package let slide: SlideOpening.Asked
  /// Of the tiles; nil for the one that the model was trained on.
  package var size: TileSize?
  /// Nil for that of a slide that is open, else the default.
  package var cutting: TilePlan.Cutting?
  /// Nil for that of a slide that is open.
  package var scale: GivenScale?
  /// Of regions of interest; nil for those of the study.
  package var regionsPath: String?
  package var format = TileFormatChoice.auto

  package init(_ slide: SlideOpening.Asked) { self.slide = slide }
}

extension FeatureGrid {
  /// Cuts the tiles of a slide and runs them through a network; nothing is written.
  ///
  /// - Parameter study: that has the slide; nil for a file.
  /// - Returns: the grid, and what is to be said after it.
  package static func compute(
    _ network: NetworkRun, _ request: GridRequest, study: Study?, basis: String? = nil, remarks: any RemarkSink,
    monitor: any WorkMonitor
  ) throws -> (grid: FeatureGrid, remarks: [Remark]) {
    let size = try size(request.size, network.model, study, remarks)
    remarks.add(network.warnings)
    let opened = request.slide.opened
    let plan = TilePlan(size: size, scale: request.scale, cutting: request.cutting, as: opened)
    let found = try SlideOpening.find(
      request.slide, regionsPath: request.regionsPath, study: study, monitor: monitor)
    let slide = found.image
    let usesJPEG = request.format.usesJPEG(network.model)
    var network = network
    let grid = try Reporting.run(parameter: "slide") {
      let overview = try SlideOverview(slide, longestSide: TissueMask.longestSide, monitor: monitor)
      let wanted = try plan.selection(
        of: slide, regions: found.regions, regionFolders: found.regionFolders, overview: overview, monitor: monitor)
      let selection = try TileExtraction(
        slide, selection: wanted, filter: plan.cutting.filter, checksFocus: plan.cutting.checks.contains(.blur)
      ).judged(monitor: monitor)
      let kept = selection.verdicts.indices.filter { selection.verdicts[$0] == .kept }
      guard !kept.isEmpty else { throw nothingKept(selection) }
      if let regions = found.regions, plan.cutting.regionMethod != .ignore, let part = slide.scannedPart {
        for remark in PlaceFrame.remarks(onRegionsOf: [(slide.name, part.x, part.y, regions.frame)]) {
          remarks.note(remark)
        }
      }
      for remark in plan.cutting.remarks(on: found.regions, slide: slide.name)
        + [UnreadRegions.remark(found.unreadRegions, of: slide.name, besides: found.regions?.path)].compactMap(\.self)
      {
        remarks.warn(remark.withShortPaths)
      }
      let source = SlideCells(
        slide: slide, grid: selection.grid, cells: kept, normalizer: network.stain.normalizer, usesJPEG: usesJPEG)
      network = try network.calibrated(on: source.candidates, side: size.pixels, monitor: monitor)
      let pipeline = try network.pipeline(tileSidePixels: size.pixels)
      let inference = try pipeline.run(
        SlideJob(name: slide.name, tileCount: kept.count) { try source.load($0, into: $1) }, monitor: monitor)
      for remark in pipeline.takeRemarks() { remarks.warn(remark) }
      if let first = inference.failures.first {
        guard !inference.tiles.isEmpty else { throw first.error }
        remarks.warn(
          "\(inference.failures.count.counted("cell")) cannot be read and stay masked; the first: \(first.error)")
      }
      let matrices = inference.activations + (inference.logits.map { [$0] } ?? [])
      let outputs = network.outputs.settled { look in
        guard let logits = inference.logits else { return }
        for row in 0..<logits.rowCount { look(logits.row(row)) }
      }
      let laid = opened?.plan == nil || request.cutting != nil ? nil : "laid as the slide was opened"
      let parts = [basis, laid].compactMap(\.self)
      return FeatureGrid(
        slide: slide, selection: selection, overview: overview, modelPath: network.model.model.path,
        layers: NamedLayer.columns(of: network.layers), cells: inference.tiles.map { kept[$0] },
        values: Matrix(sideBySide: matrices), featureCount: network.featureCount, outputs: outputs,
        basis: parts.isEmpty ? nil : parts.joined(separator: ", "))
    }
    let passed = "Each tile is passed through a JPEG of quality 95, as the model's training tiles were."
    return (grid, network.remarks + (usesJPEG ? [.note(passed)] : []))
  }

  private static func nothingKept(_ selection: TileSelection) -> WorkflowFailure {
    WorkflowFailure(
      "No cell of the grid is left to be computed: of \(selection.grid.cellCount), "
        + CellVerdict.allCases.compactMap { verdict in
          let count = selection.verdicts.count { $0 == verdict }
          return count == 0 ? nil : "\(count) \(verdict.words)"
        }.joined(separator: ", ") + ".", remedy: "grayspace_fraction=1")
  }

  private static func size(
    _ given: TileSize?, _ model: StudyModel, _ study: Study?, _ remarks: any RemarkSink
  ) throws(WorkflowFailure) -> TileSize {
    let trained = model.tileSize
    guard let given else {
      if let trained { return trained }
      throw WorkflowFailure(
        "The size of the model's tiles is not known.", remedy: remedy(model, study), parameter: "model")
    }
    if let trained, trained.pixels != given.pixels {
      throw WorkflowFailure(
        "The model was trained on tiles of \(trained.label), and those asked for are \(given.label).",
        remedy: "tile_px=\(trained.pixels) tile_um=\(trained.extentText)", parameter: "tile_px")
    }
    if let trained, trained != given {
      remarks.warn("The model was trained on tiles of \(trained.label), and those of the grid are \(given.label).")
    }
    if let sentence = model.resizing(ofTilesOf: given.pixels) { remarks.note(sentence) }
    return given
  }

  /// A size of tiles that the study has; how much tissue a tile covers is known to nobody else.
  private static func remedy(_ model: StudyModel, _ study: Study?) -> String {
    let side = model.model.input.sidePixels
    let fitting = study?.project.tileSizes.first { side == nil || $0.pixels == side }
    if let fitting { return "tile_px=\(fitting.pixels) tile_um=\(fitting.extentText), as tiles of the project are" }
    return "tile_px=\(side.map(String.init) ?? "…") tile_um=…, as the model was trained"
  }
}

/// Cells of a grid as tiles for a network, cut when they are asked for.
private struct SlideCells: Sendable {
  let slide: WholeSlideImage
  let grid: TileGrid
  /// Places by rows.
  let cells: [Int]
  let normalizer: StainNormalizer?
  let usesJPEG: Bool

  /// As they are before stain normalisation.
  var candidates: [CalibrationTiles.Slide] {
    [CalibrationTiles.Slide(name: slide.name, count: cells.count) { { try cut($0, into: $1) } }]
  }

  func load(_ index: Int, into pixels: UnsafeMutableBufferPointer<UInt8>) throws {
    try cut(index, into: pixels)
    normalizer?.normalize(pixels)
  }

  private func cut(_ index: Int, into pixels: UnsafeMutableBufferPointer<UInt8>) throws {
    let cell = TileGrid.Cell(column: cells[index] % grid.columnCount, row: cells[index] / grid.columnCount)
    var image = try TileExtraction.image(of: cell, on: slide, grid: grid)
    if usesJPEG { image = try TileImage.decode(try TileEncoder().jpeg(image)) }
    _ = pixels.update(fromContentsOf: image.pixels)
  }
}
