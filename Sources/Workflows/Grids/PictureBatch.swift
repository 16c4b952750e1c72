package import FeatureData
import Inference
package import Rendering
import Slides

/// Activations and logits of some pictures, a row for each.
package struct PictureBatch: Sendable {
  package let pictures: [String]
  /// A name for each column: features of the layers, then logits.
  package let columnNames: [String]
  /// `pictures × columns`.
  package let values: Matrix
  let outputs: ModelOutputs
  let basis: String?

  package var shape: String { "\(pictures.count) × \(columnNames.count)" }

  /// Runs pictures through a network; nothing is kept.
  ///
  /// - Parameter dataset: whose tiles are named; nil for all tiles of the study at the model's size.
  /// - Parameter basis: gets the dataset that was used, nil where pictures are files alone.
  /// - Parameter remarks: gets what is to be said of how they were computed.
  package static func compute(
    _ network: NetworkRun, _ request: PictureRequest, dataset: StudyDataset?, study: Study?,
    basis: (StudyDataset?) -> String? = { _ in nil }, remarks: any RemarkSink = SilentRemarks(),
    monitor: any WorkMonitor
  ) throws -> PictureBatch {
    if network.settings.precision == .int8 {
      throw WorkflowFailure(
        "A few pictures are too few to calibrate int8 on.", remedy: "precision=f32", parameter: "precision")
    }
    var source = PictureSource(request, network.model, dataset: dataset, study: study)
    let pictures = try source.pictures(monitor: monitor)
    let trained = network.model.tileSize?.pixels
    for picture in pictures {
      let image = picture.image
      guard image.width == image.height else {
        throw WorkflowFailure(
          "\(picture.name) is \(image.width) × \(image.height) px, and the network reads squares.", parameter: "images")
      }
      if let trained, trained != image.width {
        throw WorkflowFailure(
          "\(picture.name) is \(image.width) px wide, and the model was trained on tiles of \(trained) px.",
          parameter: "images")
      }
    }
    let values = try Reporting.run { try computed(pictures, network, remarks: remarks, monitor: monitor) }
    let settled = network.outputs.settled { look in
      for row in 0..<values.rowCount { look(values.row(row).suffix(network.outputs.count)) }
    }
    let logitNames = (0..<settled.count).map(settled.heading)
    let names = network.layers.flatMap { layer in (0..<layer.layer.width).map { "\(layer.name)/\($0)" } } + logitNames
    return PictureBatch(
      pictures: pictures.map(\.name), columnNames: names, values: values, outputs: settled,
      basis: basis(request.usesTiles ? try source.dataset() : nil))
  }

  /// A row for each picture: features of the layers, then logits. Pictures of one size run together.
  private static func computed(
    _ pictures: [PictureSource.Picture], _ network: NetworkRun, remarks: any RemarkSink, monitor: any WorkMonitor
  ) throws -> Matrix {
    var rows = [ArraySlice<Float>](repeating: [], count: pictures.count)
    for (side, places) in Dictionary(grouping: pictures.indices, by: { pictures[$0].image.width }).sorted(by: {
      $0.key < $1.key
    }) {
      let pipeline = try network.pipeline(tileSidePixels: side)
      let images = places.map { pictures[$0].image }
      let normalizer = network.stain.normalizer
      let job = SlideJob(name: "batch", tileCount: images.count) { index, pixels in
        _ = pixels.update(fromContentsOf: images[index].pixels)
        normalizer?.normalize(pixels)
      }
      let inference = try pipeline.run(job, monitor: monitor)
      for remark in pipeline.takeRemarks() { remarks.warn(remark) }
      if let failure = inference.failures.first { throw failure.error }
      let joined = Matrix(sideBySide: inference.activations + (inference.logits.map { [$0] } ?? []))
      for (row, place) in places.enumerated() { rows[place] = joined.row(row) }
    }
    return Matrix(rowCount: rows.count, columnCount: rows.first?.count ?? 0, elements: rows.flatMap(\.self))
  }

  // MARK: Tables

  package var table: DataTable {
    DataTable(
      columns: [DataTable.Column("image")]
        + columnNames.map { DataTable.Column($0, .number(significantDigits: 9)) },
      rows: pictures.indices.map { row($0, Array(columnNames.indices)) }, caption: caption)
  }

  /// The logits and the first features of the first pictures.
  package var excerpt: DataTable {
    let shownRows = 12
    let shownFeatures = 6
    let kind = DataTable.Kind.number(significantDigits: 5)
    let featureCount = columnNames.count - outputs.count
    let logits = Array(featureCount..<min(columnNames.count, featureCount + 6))
    let columns = logits + Array(0..<min(featureCount, shownFeatures))
    let restCount = columnNames.count - columns.count
    let rowCount = pictures.count <= shownRows + 1 ? pictures.count : shownRows
    return DataTable(
      columns: [DataTable.Column("image")] + columns.map { DataTable.Column(columnNames[$0], kind) }
        + (restCount > 0 ? [DataTable.Column("… \(restCount) more")] : []),
      rows: (0..<rowCount).map { row($0, columns) + (restCount > 0 ? [.text("…")] : []) }, caption: caption,
      omittedRowCount: pictures.count - rowCount)
  }

  private func row(_ index: Int, _ columns: [Int]) -> [DataTable.Cell] {
    let row = Array(values.row(index))
    return [.text(pictures[index])] + columns.map { .number(Double(row[$0])) }
  }

  private var caption: String {
    let lost = values.rowsNotFinite.map { pictures[$0] }
    let lostText =
      lost.isEmpty
      ? nil
      : "\(lost.count) with NaN or infinity (\(lost.prefix(5).joined(separator: ", "))\(lost.count > 5 ? ", …" : ""))"
    return ("\(pictures.count.counted("image")) × \(columnNames.count); \(outputs.caption(StudyModel.inShort))")
      .followed(by: lostText, after: "; ").followed(by: basis, after: "; ")
  }
}
