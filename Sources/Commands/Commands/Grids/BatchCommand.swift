import CommandLanguage
import FeatureData
import Foundation
import Inference
import Rendering
import Slides

/// `batch`: activations of some pictures.
enum BatchCommand {
  static let declaration = CommandDeclaration(
    name: "batch", referenceNames: ["Features"], topic: "Features",
    summary: "Computes activations and logits of pictures, or of some tiles of a dataset, without keeping them.",
    discussion: """
      `images` names PNG and JPEG files, and tiles of a dataset: `DEMO-01:5`, `DEMO-01:0..<32`. `index=2` is the third \
      batch of a dataset, of `batch_size` tiles each, counted through its slides; a range or a list is the tiles of \
      these numbers. Pictures are square; those of another size than the model takes are \
      resized as tiles are. The table has a row for each.
      """,
    subject: ModelRun.subject,
    parameters: [
      ParameterDeclaration(
        "images", .list(.either([.path(.existingFile(extensions: ["png", "jpg", "jpeg"])), .text])),
        "Files, and tiles as SLIDE:NUMBER or SLIDE:FIRST..<END."),
      ParameterDeclaration(
        "dataset", .value([.dataset]),
        implies: Implication(
          .dataset, otherwise: "all tiles of the project at the model's tile size", where: usesTiles), "Whose tiles."),
      ModelRun.datasetOrProjectParameter,
      ParameterDeclaration(
        "index", .either([.integer(0...1_000_000_000), .range, .list(.integer(0...1_000_000_000))]),
        "The number of a batch, from 0; or a range or list of the numbers of tiles."),
    ] + ModelRun.layersParameters + [
      ParameterDeclaration(
        "include_logits", .boolean, default: "true", referenceNames: ["include_preds"], "Keeps the logits too.")
    ] + ModelRun.settingsParameters + [StainChoice.ofModel] + ModelOpening.parameters, result: .table,
    examples: [
      "batch models/hpv.onnx images=DEMO-01:0..<4", "b = batch models/hpv.onnx index=2 batch_size=16 layers=[postconv]",
    ])

  static let command = Command(
    declaration,
    peek: ModelRun.peek,
    run: { invocation in
      let project = ModelRun.source(invocation.arguments).project
      let model = try ModelRun.model(invocation, project: project)
      let stain = try StainChoice.normalizer(of: model, invocation.arguments)
      let value = try make(invocation, model, stain.normalizer, project)
      value.show(in: invocation.output)
      ModelRun.report(model, stain, in: invocation.output)
      return value
    })

  /// False where pictures are files alone.
  private static func usesTiles(_ arguments: BoundArguments) -> Bool {
    arguments.has("index") || arguments["images"]?.items.contains { if case .text = $0 { true } else { false } } == true
  }

  /// The most pictures of one statement; they are held in memory together.
  private static let largestBatch = 4096

  private static let defaultBatchSize = 32

  /// A picture under the name that its row has.
  private struct Picture {
    let name: String
    let image: RGBImage
  }

  private static func make(
    _ invocation: Invocation, _ model: StudyModel, _ normalizer: StainNormalizer?, _ study: Study?
  ) throws -> TableValue {
    let arguments = invocation.arguments
    let layers = try ModelRun.layers(arguments, of: model)
    let includesLogits = ModelRun.includesLogits(arguments, of: model)
    let pictures = try pictures(invocation, model, project)
    let trained = ModelOpening.tileSize(of: model)?.pixels
    for picture in pictures {
      let image = picture.image
      guard image.width == image.height else {
        throw CommandFailure(
          "\(picture.name) is \(image.width) × \(image.height) px, and the network reads squares.", parameter: "images")
      }
      if let trained, trained != image.width {
        throw CommandFailure(
          "\(picture.name) is \(image.width) px wide, and the model was trained on tiles of \(trained) px.",
          parameter: "images")
      }
    }
    let values = try Reporting.run {
      try computed(
        pictures, model, normalizer, layers.map(\.layer), includesLogits: includesLogits,
        settings: ModelRun.settings(arguments), monitor: StatementMonitor(monitor: invocation.monitor))
    }
    let outputs = includesLogits ? model.reading.outputs : .none
    let settled = outputs.settled { look in
      for row in 0..<values.rowCount { look(values.row(row).suffix(outputs.count)) }
    }
    let logitNames = (0..<settled.count).map(settled.heading)
    let names = layers.flatMap { layer in (0..<layer.layer.width).map { "\(layer.name)/\($0)" } } + logitNames
    let given = ModelRun.source(arguments).dataset
    let basis =
      usesTiles(arguments)
      ? ModelRun.basis(invocation, given: given, used: try dataset(invocation, model)) : invocation.basis
    return table(pictures.map(\.name), names, values, settled, model, basis: basis)
  }

  /// A row for each picture: features of the layers, then logits. Pictures of one size run together.
  private static func computed(
    _ pictures: [Picture], _ model: StudyModel, _ normalizer: StainNormalizer?, _ layers: [Layer],
    includesLogits: Bool, settings: InferenceSettings, monitor: StatementMonitor
  ) throws -> Matrix {
    var rows = [ArraySlice<Float>](repeating: [], count: pictures.count)
    for (side, places) in Dictionary(grouping: pictures.indices, by: { pictures[$0].image.width }).sorted(by: {
      $0.key < $1.key
    }) {
      let pipeline = try InferencePipeline(
        model: model.model, layers: layers, outputs: includesLogits ? model.reading.kept : [],
        standardization: model.choice.standardization, tileSidePixels: side, settings: settings)
      let images = places.map { pictures[$0].image }
      let job = SlideJob(name: "batch", tileCount: images.count) { index, pixels in
        _ = pixels.update(fromContentsOf: images[index].pixels)
        normalizer?.normalize(pixels)
      }
      let inference = try pipeline.run(job, monitor: monitor)
      if let failure = inference.failures.first { throw failure.error }
      let joined = Matrix(sideBySide: inference.activations + (inference.logits.map { [$0] } ?? []))
      for (row, place) in places.enumerated() { rows[place] = joined.row(row) }
    }
    return Matrix(rowCount: rows.count, columnCount: rows.first?.count ?? 0, elements: rows.flatMap(\.self))
  }

  /// The logits and the first features are shown; everything is saved.
  private static func table(
    _ pictures: [String], _ names: [String], _ values: Matrix, _ outputs: ModelOutputs, _ model: StudyModel,
    basis: String?
  ) -> TableValue {
    let shownRows = 12
    let shownFeatures = 6
    let kind = DataTable.Kind.number(significantDigits: 5)
    let featureCount = names.count - outputs.count
    let logits = Array(featureCount..<min(names.count, featureCount + 6))
    let columns = logits + Array(0..<min(featureCount, shownFeatures))
    let restCount = names.count - columns.count
    let head = [DataTable.Column("image")]
    @Sendable func row(_ index: Int, _ columns: [Int]) -> [DataTable.Cell] {
      let row = Array(values.row(index))
      return [.text(pictures[index])] + columns.map { .number(Double(row[$0])) }
    }
    let lost = values.rowsNotFinite.map { pictures[$0] }
    let lostText =
      lost.isEmpty
      ? nil
      : "\(lost.count) with NaN or infinity (\(lost.prefix(5).joined(separator: ", "))\(lost.count > 5 ? ", …" : ""))"
    let caption = ("\(pictures.count.counted("image")) × \(names.count); \(outputs.caption(StudyModel.inShort))")
      .followed(by: lostText, after: "; ").followed(by: basis, after: "; ")
    let rowCount = pictures.count <= shownRows + 1 ? pictures.count : shownRows
    let shown = DataTable(
      columns: head + columns.map { DataTable.Column(names[$0], kind) }
        + (restCount > 0 ? [DataTable.Column("… \(restCount) more")] : []),
      rows: (0..<rowCount).map { row($0, columns) + (restCount > 0 ? [.text("…")] : []) }, caption: caption,
      omittedRowCount: pictures.count - rowCount)
    return TableValue(
      table: {
        DataTable(
          columns: head + names.map { DataTable.Column($0, .number(significantDigits: 9)) },
          rows: pictures.indices.map { row($0, Array(names.indices)) }, caption: caption)
      }, shown: shown, shownRows: rowCount, shape: "\(pictures.count) × \(names.count)", names: model.knownNames)
  }

  // MARK: Where pictures come from

  private static func pictures(
    _ invocation: Invocation, _ model: StudyModel, _ study: Study?
  ) throws -> [Picture] {
    let arguments = invocation.arguments
    var pictures: [Picture] = []
    for item in arguments["images"]?.items ?? [] {
      try StatementMonitor(monitor: invocation.monitor).checkInterrupted()
      guard let text = item.text else { continue }
      let path = PathResolution.existing(text, in: project.map { [$0.project.folder] } ?? [])
      if FileManager.default.fileExists(atPath: path) {
        pictures.append(Picture(name: text.withShortPaths, image: try image(ofFile: path)))
        continue
      }
      guard let place = TilePlace(text) else {
        throw CommandFailure(
          "\(text.withShortPaths) is neither a file nor tiles of a slide.",
          remedy: "images=[a.png] or images=SLIDE:0..<32",
          parameter: "images")
      }
      let dataset = try dataset(invocation, model)
      guard let slide = dataset.dataset.slides.first(where: { $0.name == place.slide }) else {
        throw CommandFailure(
          "The dataset has no slide \(place.slide), and there is no file \(text.withShortPaths).",
          remedy: dataset.dataset.slides.first.map { "images=\($0.name):0" }, parameter: "images")
      }
      let count = dataset.dataset.tileCount(of: slide)
      guard place.tiles.upperBound <= count else {
        throw CommandFailure(
          "\(slide.name) has \(count.counted("tile")), numbered 0 to \(count - 1).",
          remedy: "images=\(slide.name):0..<\(min(count, 32))", parameter: "images")
      }
      try checkCount(pictures.count + place.tiles.count)
      pictures += try tiles(Array(place.tiles), of: slide)
    }
    pictures += try numbered(invocation, model)
    try checkCount(pictures.count)
    guard !pictures.isEmpty else {
      throw CommandFailure("No picture is named.", remedy: "images=[a.png, b.jpg], or index=0..<32 of a dataset")
    }
    return pictures
  }

  private static func checkCount(_ count: Int) throws(CommandFailure) {
    guard count > largestBatch else { return }
    throw CommandFailure(
      "These are \(count) pictures, more than the \(largestBatch) that are computed at once.", remedy: "features MODEL")
  }

  /// Tiles of the dataset by their number in it, or the number of their batch.
  private static func numbered(_ invocation: Invocation, _ model: StudyModel) throws -> [Picture] {
    guard let asked = invocation.arguments["index"] else { return [] }
    let dataset = try self.dataset(invocation, model).dataset
    let indices: [Int]
    switch asked {
    case .integer(let number):
      let size = invocation.arguments.integer("batch_size") ?? defaultBatchSize
      let count = dataset.slides.reduce(0) { $0 + dataset.tileCount(of: $1) }
      let batches = (count + size - 1) / size
      guard number < batches else {
        throw CommandFailure(
          "There is no batch \(number): \(count.counted("tile")) are \(batches) batches of \(size), "
            + "numbered 0 to \(batches - 1).", remedy: "index=\(max(batches - 1, 0))", parameter: "index")
      }
      indices = Array(number * size..<min((number + 1) * size, count))
    case .range(let range):
      try check(range.upperBound - 1, in: dataset)
      try checkCount(range.count)
      indices = Array(range)
    default:
      indices = asked.items.compactMap(\.integer)
      for index in indices { try check(index, in: dataset) }
    }
    return try indices.flatMap { index in
      var rest = index
      for slide in dataset.slides {
        let count = dataset.tileCount(of: slide)
        if rest < count { return try tiles([rest], of: slide) }
        rest -= count
      }
      return []
    }
  }

  private static func check(_ index: Int, in dataset: Dataset) throws(CommandFailure) {
    let count = dataset.slides.reduce(0) { $0 + dataset.tileCount(of: $1) }
    guard index >= count else { return }
    throw CommandFailure(
      "There is no tile \(index): the dataset has \(count.counted("tile")), numbered 0 to \(count - 1).",
      remedy: "index=0..<\(min(count, 32))", parameter: "index")
  }

  private static func image(ofFile path: String) throws(CommandFailure) -> RGBImage {
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw CommandFailure("\(path.withShortPaths) cannot be read.", parameter: "images")
    }
    do throws(ImageFault) { return try TileImage.decode(Array(bytes)) } catch {
      throw CommandFailure("\(path.withShortPaths) cannot be used: \(error.description).", parameter: "images")
    }
  }

  private static func tiles(_ numbers: [Int], of slide: Dataset.Slide) throws -> [Picture] {
    try Reporting.run(parameter: "images") {
      let file = try TFRecordFile(path: slide.tfrecord)
      return try numbers.map { number in
        Picture(
          name: "\(slide.name):\(number)", image: try file.image(number))
      }
    }
  }

  private static func dataset(_ invocation: Invocation, _ model: StudyModel) throws -> StudyDataset {
    let (dataset, project) = ModelRun.source(invocation.arguments)
    return try dataset ?? ModelRun.allTiles(of: project, for: model)
  }
}

/// `SLIDE:5`, `SLIDE:0..<32` or `SLIDE:0...31`.
struct TilePlace: Equatable {
  let slide: String
  let tiles: Range<Int>

  init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"), colon != text.startIndex else { return nil }
    slide = String(text[..<colon])
    let rest = String(text[text.index(after: colon)...])
    func number(_ text: some StringProtocol) -> Int? {
      text.allSatisfy { $0.isASCII && $0.isNumber } ? Int(text).flatMap { $0 < 1_000_000_000 ? $0 : nil } : nil
    }
    if let single = number(rest) {
      tiles = single..<single + 1
      return
    }
    for (sign, extra) in [("..<", 0), ("...", 1)] {
      guard let range = rest.range(of: sign), let first = number(rest[..<range.lowerBound]),
        let last = number(rest[range.upperBound...]), first < last + extra
      else { continue }
      tiles = first..<last + extra
      return
    }
    return nil
  }
}
