import CommandLanguage
import Foundation
import Testing

/// What is proposed when a command fails with the real values: it can be typed, or it is no text to type.
@Suite struct RemedyTests {
  /// Cells that pass the check and fail when they run, or fail the check for what the project's files hold.
  static let failing = [
    "dataset tile_px=16 tile_um=20x", "dataset tile_px=16", "dataset tile_um=16", "dataset size=32px_32um",
    "tiles df area=[100, 100, 0, 0]", "tiles df near=S-1:900", "tiles df tiles=100..<200",
    "tiles df extremes=feature:900",
    "tiles df extremes=HPV_status", "tiles df extremes=97", "tiles df slide=S-9", "tiles S-1",
    "activations df tiles=100..<200", "activations df columns=10-19", "activations df slide=S9",
    "mosaic df predict_on_axes=[positive]", "mosaic df predict_on_axes=[nope, positive]",
    "mosaic df restrict_pred=[nope]",
    "mosaic df filters={site: [C]}", "slide_map df target=age", "slide_map df outcomes=agee",
    "slide_map df umap_cache='FOLDER/annotations.csv'", "slide_map df on=u n_neighbors=5", "label u by=cluster",
    "label u by=uncertainty", "label u by=97", "label u by=feature:900", "label df by=site",
    "features models/small.onnx layers=[nope]", "features models/smal.onnx", "features small.onnx", "model small.onnx",
    "features models/small.onnx mean=[0.5, 0.5, 0.5] scale=[0.5, 0.5, 0.5]",
    "features models/small.onnx scale=[1, 1, 1]",
    "batch models/small.onnx images=S-1:40", "batch models/small.onnx images=S-1:0..<40",
    "batch models/small.onnx index=90",
    "project 'FOLDER' create=true", "project 'FOLDER/models'", "demo 'FOLDER'", "project 'FOLDER/nowhere'",
    "save df 'FOLDER/x.geojson'", "save u 'FOLDER/x.h5'", "save df 'FOLDER/bags' format=trident", "save u", "save df",
    "save p 'FOLDER/p.csv'", "slide S-1", "slide S-1 tile_px=299 tile_um=302", "slide S-1 stride_div=2",
    "extract_tiles tile_px=16 tile_um=16", "feature_grid models/small.onnx slide=S-1", "import_features 'FOLDER'",
    "import_features 'FOLDER/annotations.csv'", "import_tiles 'FOLDER' tile_um=16",
    "labels HPV_status from='FOLDER/annotations.csv'",
    "labels HPV from='FOLDER/annotations.csv'", "labels agee", "stats df outcomes=age", "stats df outcomes=patient",
    "stats df method=threshold threshold=5", "logits_mean df of=nothing", "logits_predict df restrict_pred=[positiv]",
    "logits_percent df restrict_pred=9", "locations df tiles=[99]", "normalize df", "umap df", "kmeans df", "help umap",
  ]

  @Test(arguments: failing)
  func `What is proposed can be typed, and does not lead to the same error`(_ cell: String) throws {
    let study = try SmallStudy()
    study.open()
    #expect(study.run("u = slide_map df n_neighbors=5").failure == nil)
    let cell = cell.replacing("FOLDER", with: study.folder)
    let found = diagnostics(of: cell, in: study)
    // What is right as it stands has nothing to be proposed.
    for diagnostic in found {
      #expect(!diagnostic.sentence.isEmpty && diagnostic.remedy != "help")
      guard let remedy = diagnostic.remedy, !isForm(remedy) else { continue }
      let lines = typed(remedy, diagnostic.span, in: cell)
      // Of several errors each is mended by its own.
      let right = lines.first { study.language.check($0).diagnostics.count < found.count }
      let line = try #require(right, "\(diagnostic.sentence) \(remedy)")
      // Not into the folder that the tests run in.
      let inside = line.hasPrefix("save") ? line.replacing(#/ (\w+\.\w+)$/#) { " '\(study.folder)/\($0.1)'" } : line
      let again = diagnostics(of: inside, in: study).map(\.sentence)
      #expect(!again.contains(diagnostic.sentence), "\(line)")
    }
  }

  private func diagnostics(of cell: String, in study: SmallStudy) -> [Diagnostic] {
    switch study.language.run(cell, output: Silent(), monitor: Unwatched()) {
    case .completed: []
    case .failed(let failure), .interrupted(let failure): failure.diagnostics
    }
  }

  /// In a form words in capitals are left to fill in.
  private func isForm(_ remedy: String) -> Bool {
    remedy.split { !$0.isLetter && $0 != "_" }.contains { $0.count > 3 && $0.allSatisfy { $0.isUppercase } }
  }

  /// A cell with a text in place of what is marked, of an argument, of the line; or as arguments of it.
  private func typed(_ remedy: String, _ span: Range<Int>, in cell: String) -> [String] {
    let source = SourceText(cell)
    let breaks = source.scalars.indices.filter { " [{,=]}".unicodeScalars.contains(source.scalars[$0]) }
    let starts = [span.lowerBound] + breaks.map { $0 + 1 }.filter { $0 <= span.lowerBound }
    let ends = [span.upperBound] + breaks.filter { $0 >= span.upperBound } + [source.scalars.count]
    let places = starts.flatMap { start in ends.map { start..<max(start, $0) } }
    let others = cell.split(separator: " ").filter { word in
      !remedy.split(separator: " ").contains { $0.prefix { $0 != "=" } == word.prefix { $0 != "=" } }
    }
    return [remedy]
      + places.map { place in
        source.text(in: 0..<place.lowerBound) + remedy + source.text(in: place.upperBound..<source.scalars.count)
      } + [others.joined(separator: " ") + " " + remedy]
  }
}

private struct Silent: OutputSink {
  func show(_ output: RichOutput) {}
  func note(_ text: String) {}
}
