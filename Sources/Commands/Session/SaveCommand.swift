import CommandLanguage
import Foundation
import Rendering
import Workflows

/// `save`: writes a value to a file, by the file's extension.
struct SaveCommand: TypedCommand {
  static let page = CommandPage(
    "save", topic: "Session",
    summary: "Writes a value to a file: PNG, SVG or PDF for pictures, CSV or TSV for tables, bags for features.",
    discussion: """
      A mosaic is written in full, with as many pixels a tile as its `resolution` says; as .html it is a page that a browser \
      opens from the disk, to be moved and zoomed, with its tiles inside, or above 50 MB in a folder beside it. Features give a row for each \
      tile, a map a row for each point, a mosaic a row for each cell that shows a tile. Features are also written to a folder, a file for each slide: \
      `format=slideflow` writes bags (.pt), `format=trident` HDF5 in TRIDENT's layout, which needs the tiles' extent. \
      Places on slides are in pixels of level 0 from the corner of the whole slide, as OpenSlide counts them; in .geojson they \
      are counted as QuPath does, from the corner of the scanned part where a slide has bounds.

      A selection is written to .geojson as regions that QuPath opens, the union of its tiles with its name as their class, or to a \
      table. A file of regions is of one slide; of several they lie in a folder, called like their slides.

      `columns` chooses what is written of each tile beside its place: `feature:12`, `logit:positive`, \
      `probability:positive`, `prediction` and columns of the annotations. Without it a table has all; a .geojson of a grid has the \
      probabilities and logits, for QuPath opens no file of thousands of activations a tile.

      Tables are written with all rows and digits, in UTF-8. Names stand there as they are, for others join tables by them; only a \
      text that a spreadsheet would run as a formula (one that begins with `=` or `@`, or with `+` or `-` and calls something) \
      gets an apostrophe before it, and the output says how many do.
      """,
    reference: [
      "Mosaic.save", "SlideMap.save", "DatasetFeatures.to_csv", "DatasetFeatures.export_to_csv",
      "DatasetFeatures.to_torch", "DatasetFeatures.export_to_torch", "DatasetFeatures.to_df",
      "SlideMap.save_coordinates", "SlideMap.export_to_csv", "Mosaic.save_report", "Mosaic.export", "Mosaic.view",
    ], synonyms: ["export", "write", "download", "savefig", "to_csv", "dump", "store"],
    examples: [
      "save m mosaic.png", "save m mosaic.html", "save u umap.svg", "save s stats.csv", "save df bags format=slideflow",
      "save df tiles.csv columns=[prediction, probability:positive, feature:12]",
      "save u umap.pdf theme=print width=85",
    ])

  @Subject("What is written.") var value: AnyValue
  @Parameter(
    "The file to write; for features in a `format`, the folder.",
    as: .path(.outputOrFolder(extensions: ["png", "svg", "pdf", "csv", "tsv", "h5", "geojson", "html"])),
    positional: true)
  var path: String
  @Parameter("Of features in a folder: whose layout.") var format: FeatureExport.Layout?
  @Parameter(
    "Of features, maps, mosaics and grids in a table, .h5 or .geojson: only these numbers of each tile.")
  var columns: [AspectParameter]?
  @Group var look: StyleParameters
  @Parameter(
    "In .svg: letters as text, which can be searched and edited, or as outlines, which look the same without the font.")
  var svgText: FigureStyle.TextInSVG?

  func run(_ invocation: Invocation) throws {
    let request = SaveRequest(
      path: path, layout: format, columns: try chosen(), style: try style(invocation),
      subject: invocation.subjectName ?? "VALUE",
      spelling: { ScalarSyntax.keySpelling(of: $0) }, monitor: invocation.work)
    var sentences = try choosing(saveable(request), request).save(request)
    // With the value that was saved, where it was not named.
    if !invocation.implied.isEmpty, let name = invocation.subjectName, let first = sentences.first {
      sentences[0] = first + " This is \(name)."
    }
    invocation.output.show(RichOutput(text: sentences.joined(separator: " ")))
  }

  private func style(_ invocation: Invocation) throws -> StyleChoice {
    var choice = look.choice
    choice.textInSVG = svgText
    let fileExtension = (path as NSString).pathExtension.lowercased()
    if choice.isLook, PictureFormat(fileExtension: fileExtension) == nil {
      let given = [(look.$theme.isGiven, "theme"), (look.$width.isGiven, "width"), ($svgText.isGiven, "svg_text")]
      throw CommandFailure(
        "`theme`, `width` and `svg_text` are for pictures (.png, .svg, .pdf).",
        parameter: given.first { $0.0 }?.1)
    }
    if svgText != nil, fileExtension != "svg" {
      throw CommandFailure("`svg_text` is for .svg; a .pdf holds its fonts.", parameter: $svgText.name)
    }
    choice.statement = madeBy(invocation)
    return choice
  }

  /// The statement that made what is saved.
  private func madeBy(_ invocation: Invocation) -> String? {
    let name = invocation.subjectName.flatMap { $0.split(separator: ".").first.map(String.init) }
    if let name, let binding = invocation.workspace.binding(named: name) { return binding.statement }
    return invocation.workspace.unnamed(value.value.valueType)?.statement
  }

  private func chosen() throws -> [TileAspect]? {
    try columns?.map { aspect in
      try aspect.aspect(for: $columns.name) { word in
        WorkflowFailure("There is no \(word) to save here.", remedy: "columns=feature:0", parameter: "columns")
      }
    }
  }

  /// The value with its chosen columns.
  private func choosing(_ saveable: any Saveable, _ request: SaveRequest) throws -> any Saveable {
    guard let columns = request.columns, !saveable.hasLayouts else { return saveable }
    guard let choosing = saveable as? any ColumnChoosing else {
      throw CommandFailure(
        "Columns are chosen of features, maps, mosaics and grids, and this is none of them.", parameter: $columns.name)
    }
    let chosen = try choosing.choosing(columns)
    guard type(of: chosen).fileExtensions.contains(request.fileExtension) else {
      let stem = (request.path as NSString).deletingPathExtension
      throw CommandFailure(
        "Columns are for files of numbers (.\(type(of: chosen).fileExtensions.joined(separator: ", ."))), and not for .\(request.fileExtension).",
        remedy: "save \(request.subject) \(stem).\(type(of: chosen).fileExtensions[0])\(request.columnsText)",
        parameter: $columns.name)
    }
    return chosen
  }

  /// The value as one that can be written so.
  private func saveable(_ request: SaveRequest) throws(CommandFailure) -> any Saveable {
    let saveable = value.value as? any Saveable
    if let saveable, saveable.hasLayouts { return saveable }
    guard request.layout == nil else {
      throw CommandFailure("Only features are saved in a `format`.", parameter: $format.name)
    }
    let kind = (value.value as? any TypedValue).map { type(of: $0).declaration.phrase } ?? "a value"
    let phrase = kind.hasPrefix("a ") ? kind.prefix(1).uppercased() + kind.dropFirst() : "A value of " + kind
    guard let saveable, let first = type(of: saveable).fileExtensions.first else {
      throw CommandFailure(
        "\(phrase) cannot be saved to a file; its results are kept in the project's store.", parameter: $path.name)
    }
    let fileExtension = request.fileExtension
    let extensions = type(of: saveable).fileExtensions
    if extensions.contains(fileExtension) { return saveable }
    let path = request.path
    let isFolder =
      (try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType) == .typeDirectory
    if saveable.fillsFolder, isFolder || fileExtension.isEmpty { return saveable }
    let found =
      isFolder ? "to a folder" : fileExtension.isEmpty ? "as a file without an extension" : "as .\(fileExtension)"
    let stem =
      isFolder
      ? (path as NSString).appendingPathComponent(request.subject) : (path as NSString).deletingPathExtension
    throw CommandFailure(
      "\(phrase) is saved as \(extensions.joined(separator: ", ")), and not \(found).",
      remedy: "save \(request.subject) \(stem).\(first)", parameter: $path.name)
  }
}
