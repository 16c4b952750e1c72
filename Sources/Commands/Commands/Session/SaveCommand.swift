import CommandLanguage
import FeatureData
import FeatureStore
import Foundation
import Rendering

/// `save`: writes a value to a file, by the file's extension.
enum SaveCommand {
  static let declaration = CommandDeclaration(
    name: "save",
    referenceNames: [
      "Mosaic.save", "SlideMap.save", "DatasetFeatures.to_csv", "DatasetFeatures.export_to_csv",
      "DatasetFeatures.to_torch", "DatasetFeatures.export_to_torch",
    ],
    topic: "Session",
    summary: "Writes a value to a file: PNG, SVG or PDF for pictures, CSV for tables, bags for features.",
    discussion: """
      A mosaic is written in full, with as many pixels a tile as its `resolution` says. Features give a row for each \
      tile, a map a row for each point, a mosaic a row for each cell that shows a tile. Features are also written to a folder, a file for each slide: \
      `format=slideflow` writes bags (.pt), `format=trident` HDF5 in TRIDENT's layout, which needs the tiles' extent. \
      Places on slides are in pixels of level 0 from the corner of the whole slide, as OpenSlide counts them; in .geojson they \
      are counted as QuPath does, from the corner of the scanned part where a slide has bounds.
      """,
    subject: SubjectDeclaration(name: "value", types: [], documentation: "What is written."),
    parameters: [
      ParameterDeclaration(
        "path", .path(.outputOrFolder(extensions: ["png", "svg", "pdf", "csv", "h5", "geojson"])), positional: true,
        required: true, "The file to write; for features in a `format`, the folder."),
      ParameterDeclaration(
        "format", .choice(FeatureExport.Layout.allCases.map(\.rawValue)), "Of features in a folder: whose layout."),
    ], examples: ["save m mosaic.png", "save u umap.svg", "save s stats.csv", "save df bags format=slideflow"])

  static let command = Command(
    declaration,
    run: { invocation in
      guard let value = invocation.subjects.first, let path = invocation.arguments.text("path") else { return nil }
      if let sentence = try FeatureExport.saved(value, to: path, invocation) {
        invocation.output.show(RichOutput(text: said(sentence, invocation)))
        return nil
      }
      let byteCount = try Reporting.run(parameter: "path") {
        if let mosaic = value as? TileMosaic, fileExtension(of: path) == PictureFormat.png.rawValue {
          return try write(mosaic, to: path, invocation)
        }
        let bytes = try bytes(of: value, path: path, invocation)
        try PathResolution.write(bytes, to: path)
        return bytes.count
      }
      let size = ByteCountFormatter.string(fromByteCount: Int64(byteCount), countStyle: .file)
      let ending = fileExtension(of: path)
      let scale = ending == "csv" ? (value as? FeatureMap)?.scaleRemark : nil
      let sentences = [said("Saved \(path), \(size).", invocation), frame(of: value, ending), scale]
      invocation.output.show(RichOutput(text: sentences.compactMap(\.self).joined(separator: " ")))
      return nil
    })

  /// From where and in what places in the file are counted; nil where it has none.
  private static func frame(of value: any SessionValue, _ fileExtension: String) -> String? {
    if let grid = value as? FeatureGrid { return grid.frame(as: fileExtension) }
    guard let map = value as? FeatureMap, fileExtension == "csv" else { return nil }
    return "location_x and location_y are tiles' centres in \(PlaceFrame.ofLocations(in: map.features))."
  }

  /// With the value that was saved, where it was not named.
  private static func said(_ sentence: String, _ invocation: Invocation) -> String {
    guard !invocation.implied.isEmpty, let name = invocation.subjectName else { return sentence }
    return sentence + " This is \(name)."
  }

  private static func fileExtension(of path: String) -> String { (path as NSString).pathExtension.lowercased() }

  /// The full picture is too large to lie in memory as a whole.
  private static func write(_ mosaic: TileMosaic, to path: String, _ invocation: Invocation) throws -> Int {
    try PathResolution.write(to: path) { append in
      _ = try mosaic.picture.full(
        sidePixels: mosaic.cellPixels, monitor: StatementMonitor(monitor: invocation.monitor), output: append)
    }
  }

  private static func bytes(of value: any SessionValue, path: String, _ invocation: Invocation) throws -> [UInt8] {
    let fileExtension = fileExtension(of: path)
    if let grid = value as? FeatureGrid, let bytes = try grid.bytes(as: fileExtension) { return bytes }
    if fileExtension == "csv", let table = table(of: value) { return Array(table.csv().utf8) }
    if let format = PictureFormat(fileExtension: fileExtension) {
      switch value {
      case let picture as PictureValue: return try picture.figure.encoded(as: format).bytes
      case let map as FeatureMap: return try map.figure(title: nil).encoded(as: format).bytes
      case let mosaic as TileMosaic:
        return try mosaic.picture.document(
          as: format, sidePixels: mosaic.cellPixels, monitor: StatementMonitor(monitor: invocation.monitor)
        ).picture.bytes
      default: break
      }
    }
    if value is FeatureSet {
      throw CommandFailure(
        "Features are saved as a table (.csv), for one slide as .h5, or to a folder with `format`.",
        remedy: "save \(invocation.subjectName ?? "VALUE") \((path as NSString).deletingPathExtension).csv")
    }
    let allowed =
      value is FeatureGrid
      ? FeatureGrid.fileExtensions
      : [table(of: value) == nil ? [] : ["csv"], isPicture(value) ? ["png", "svg", "pdf"] : []].flatMap { $0 }
    let kind = value.valueType.name
    let phrase = ["Features", "Labels"].contains(kind) ? "A value of \(kind.lowercased())" : "A \(kind.lowercased())"
    guard let first = allowed.first else {
      throw CommandFailure("\(phrase) cannot be saved to a file; its results are kept in the project's store.")
    }
    let isFolder =
      (try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType) == .typeDirectory
    let found =
      isFolder ? "to a folder" : fileExtension.isEmpty ? "as a file without an extension" : "as .\(fileExtension)"
    let name = invocation.subjectName ?? "VALUE"
    let stem =
      isFolder ? (path as NSString).appendingPathComponent(name) : (path as NSString).deletingPathExtension
    throw CommandFailure(
      "\(phrase) is saved as \(allowed.joined(separator: ", ")), and not \(found).",
      remedy: "save \(name) \(stem).\(first)")
  }

  private static func isPicture(_ value: any SessionValue) -> Bool {
    value is PictureValue || value is FeatureMap || value is TileMosaic
  }

  private static func table(of value: any SessionValue) -> DataTable? {
    switch value {
    case let table as TableValue: table.table()
    case let labels as LabelSet: labels.table
    case let model as StudyModel: model.table
    case let map as FeatureMap: map.table
    case let mosaic as TileMosaic: mosaic.table
    default: nil
    }
  }
}
