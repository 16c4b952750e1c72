import CommandLanguage
import FeatureData
import Foundation
import Inference
import Slides

/// `feature_grid`: activations over a whole slide.
enum FeatureGridCommand {
  static let declaration = CommandDeclaration(
    name: "feature_grid", referenceNames: ["Features", "Heatmap"], topic: "Features",
    summary: "Computes activations and logits over a whole slide, as a grid of rows and columns.",
    discussion: """
      The grid is laid and the background found as `slide` does; places without tissue are masked. Tiles are cut from \
      the slide and nothing is written. The size of the tiles is the one that the model was trained on. Shown is the \
      probability of the last class or label, or the number that the model gives, without logits the first feature; \
      `label` shows any other quantity, and `save` \
      writes the grid as .h5, .csv or .geojson (for QuPath).
      """,
    subject: ModelRun.subject,
    parameters: [
      ParameterDeclaration(
        "slide", .nameOrPath(.slide, .existing), required: true, implies: Implication(.slide, otherwise: nil),
        "A slide that is open, a slide's name, or a file."),
      ParameterDeclaration(
        "project", .value([.project]),
        implies: Implication(.project, otherwise: "none") { arguments in
          if case .value? = arguments["slide"] { false } else { true }
        }, "The project that has the slide."),
    ] + ModelRun.layersParameters + [
      ParameterDeclaration(
        "include_logits", .boolean, default: "true", referenceNames: ["include_preds"], "Keeps the logits too.")
    ] + TilePlan.sizeParameters + [
      TilePlan.regionsParameter
    ] + TilePlan.parameters + ModelRun.settingsParameters
      + [StainChoice.ofModel, TileFormatChoice.parameter] + ModelOpening.parameters, result: .grid,
    examples: [
      "g = feature_grid models/hpv.onnx slide=DEMO-01", "label g by=feature:12", "save g grid.geojson",
    ])

  static let command = Command(
    declaration,
    peek: ModelRun.peek,
    run: { invocation in
      let arguments = invocation.arguments
      let project = (arguments.value("slide") as? StudySlide)?.project ?? arguments.value("project") as? Study
      let model = try ModelRun.model(invocation, project: project)
      let stain = try StainChoice.normalizer(of: model, arguments)
      let value = try make(invocation, model, stain.normalizer, project)
      value.show(in: invocation.output)
      ModelRun.report(model, stain, in: invocation.output)
      if TileFormatChoice.usesJPEG(invocation.arguments, model) {
        invocation.output.note("Each tile is passed through a JPEG of quality 95, as the model's training tiles were.")
      }
      return value
    })

  private static func size(
    _ arguments: BoundArguments, _ model: StudyModel, _ study: Study?, _ output: any OutputSink
  ) throws(CommandFailure) -> TileSize {
    let trained = ModelOpening.tileSize(of: model)
    guard let given = try TilePlan.size(arguments) else {
      if let trained { return trained }
      throw CommandFailure(
        "The size of the model's tiles is not known.",
        remedy: remedy(model, project),
        parameter: "model")
    }
    if let trained, trained.pixels != given.pixels {
      throw CommandFailure(
        "The model was trained on tiles of \(trained.label), and those asked for are \(given.label).",
        remedy: "tile_px=\(trained.pixels) tile_um=\(trained.extentText)", parameter: "tile_px")
    }
    if let trained, trained != given {
      output.warn("The model was trained on tiles of \(trained.label), and those of the grid are \(given.label).")
    } else if trained == nil, let side = model.model.input.sidePixels, side != given.pixels {
      output.note("Tiles of \(given.pixels) px are resized to the \(side) px that the model takes.")
    }
    return given
  }

  /// A size of tiles that the project has; how much tissue a tile covers is known to nobody else.
  private static func remedy(_ model: StudyModel, _ study: Study?) -> String {
    let side = model.model.input.sidePixels
    let fitting = study?.project.tileSizes.first { side == nil || $0.pixels == side }
    if let fitting { return "tile_px=\(fitting.pixels) tile_um=\(fitting.extentText), as tiles of the project are" }
    return "tile_px=\(side.map(String.init) ?? "…") tile_um=…, as the model was trained"
  }

  /// What was not named, and that the grid is laid as on the slide that was given.
  private static func basis(_ invocation: Invocation, _ slide: StudySlide?) -> String? {
    let laid = slide?.plan == nil || TilePlan.areGiven(invocation.arguments) ? nil : "laid as the slide was opened"
    let parts = [invocation.basis, laid].compactMap(\.self)
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }

  private static func make(
    _ invocation: Invocation, _ model: StudyModel, _ normalizer: StainNormalizer?, _ study: Study?
  ) throws -> FeatureGrid {
    let arguments = invocation.arguments
    let layers = try ModelRun.layers(arguments, of: model)
    let size = try size(arguments, model, project, invocation.output)
    let opened = arguments.value("slide") as? StudySlide
    let plan = try TilePlan(arguments, size: size, project: project, as: opened)
    let (slide, regions, folders) = try SlideOpening.asked(arguments, project: project, monitor: invocation.monitor)
    let monitor = StatementMonitor(monitor: invocation.monitor)
    return try Reporting.run(parameter: "slide") {
      let overview = try SlideOverview(slide, longestSide: TissueMask.longestSide, monitor: monitor)
      let wanted = try plan.selection(
        of: slide, regions: regions, regionFolders: folders, overview: overview, monitor: monitor)
      let selection = try TileExtraction(slide, selection: wanted, filter: plan.filter).judged(monitor: monitor)
      let kept = selection.verdicts.indices.filter { selection.verdicts[$0] == .kept }
      guard !kept.isEmpty else {
        throw CommandFailure(
          "No cell of the grid is left to be computed: of \(selection.grid.cellCount), "
            + CellVerdict.allCases.compactMap { verdict in
              let count = selection.verdicts.count { $0 == verdict }
              return count == 0 ? nil : "\(count) \(verdict.words)"
            }.joined(separator: ", ") + ".", remedy: "grayspace_fraction=1")
      }
      if regions != nil, plan.regionMethod != .ignore, let part = slide.scannedPart,
        let remark = PlaceFrame.remark(onRegionsOf: [(slide.name, part.x, part.y)])
      {
        invocation.output.note(remark)
      }
      let includesLogits = ModelRun.includesLogits(arguments, of: model)
      let pipeline = try InferencePipeline(
        model: model.model, layers: layers.map(\.layer), outputs: includesLogits ? model.reading.kept : [],
        standardization: model.choice.standardization, tileSidePixels: size.pixels,
        settings: ModelRun.settings(arguments))
      let source = SlideCells(
        slide: slide, grid: selection.grid, cells: kept, normalizer: normalizer,
        usesJPEG: TileFormatChoice.usesJPEG(arguments, model))
      let inference = try pipeline.run(
        SlideJob(name: slide.name, tileCount: kept.count) { try source.load($0, into: $1) }, monitor: monitor)
      if let first = inference.failures.first {
        guard !inference.tiles.isEmpty else { throw first.error }
        invocation.output.warn(
          "\(inference.failures.count.counted("cell")) cannot be read and stay masked; the first: \(first.error)")
      }
      let matrices = inference.activations + (inference.logits.map { [$0] } ?? [])
      let outputs = (includesLogits ? model.reading.outputs : .none).settled { look in
        guard let logits = inference.logits else { return }
        for row in 0..<logits.rowCount { look(logits.row(row)) }
      }
      return FeatureGrid(
        slide: slide, selection: selection, overview: overview, modelPath: model.model.path,
        layers: ModelRun.columns(of: layers), cells: inference.tiles.map { kept[$0] },
        values: Matrix(sideBySide: matrices),
        featureCount: layers.reduce(0) { $0 + $1.layer.width },
        outputs: outputs, basis: basis(invocation, opened))
    }
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

  func load(_ index: Int, into pixels: UnsafeMutableBufferPointer<UInt8>) throws {
    let cell = TileGrid.Cell(column: cells[index] % grid.columnCount, row: cells[index] / grid.columnCount)
    var image = try TileExtraction.image(of: cell, on: slide, grid: grid)
    if usesJPEG { image = try TileImage.decode(try TileEncoder().jpeg(image)) }
    _ = pixels.update(fromContentsOf: image.pixels)
    normalizer?.normalize(pixels)
  }
}
