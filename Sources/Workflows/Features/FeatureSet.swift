import FeatureData
import FeatureStore
import Inference
import Rendering
import Slides

/// Activations, logits and locations of every tile of a dataset; the numbers stay in the store's files.
struct FeatureSet: SessionValue {
  struct Slide: Sendable {
    /// As the project calls it.
    let name: String
    let stored: StoredSlideFeatures
    /// The file that the tile images are read from; nil where the features came without one that fits.
    let tfrecord: String?
    /// What the tile file was when the features were made, as a digest.
    let tileDigest: String
    /// The record of the tile file that each row belongs to.
    let records: [Int]

    init(
      name: String? = nil, stored: StoredSlideFeatures, tfrecord: String?, tileDigest: String? = nil,
      records: [Int]? = nil
    ) {
      self.name = name ?? stored.slide
      self.stored = stored
      self.tfrecord = tfrecord
      self.tileDigest = tileDigest ?? stored.tileDigest
      self.records = records ?? stored.records
    }

    var tileCount: Int { stored.features.rowCount }

    /// Calls with the outputs of each tile, in order; not at all where there are none.
    func forEachOutput(_ body: (ArraySlice<Float>) -> Void) {
      guard let logits = stored.logits else { return }
      // Some rows at a time, for a slide may have very many.
      for start in stride(from: 0, to: logits.rowCount, by: 4096) {
        let rows = logits.matrix(rows: start..<min(start + 4096, logits.rowCount))
        for row in 0..<rows.rowCount { body(rows.row(row)) }
      }
    }

    /// The outputs of a tile; empty where there are none.
    func outputs(_ tile: Int) -> ArraySlice<Float> { stored.logits?.row(tile)[...] ?? [] }
  }

  /// A slide that gave no features.
  struct FailedSlide: Sendable, Equatable {
    let name: String
    let reason: String
  }

  /// The columns of one layer.
  struct LayerColumns: Sendable, Equatable {
    let layer: String
    let columns: Range<Int>
  }

  /// What the columns of features from other programs are called.
  static let importedLayer = "features"

  let study: Study
  /// The model that made them; nil for features made elsewhere.
  let model: StudyModel?
  /// Whose tiles they are of; nil for features made elsewhere.
  let dataset: StudyDataset?
  /// The stain normalisation of the tiles, by its method.
  let normalizer: String?
  /// Equal texts, equal features of equal tiles.
  let identity: String
  let layers: [LayerColumns]
  /// Sorted by name.
  let slides: [Slide]
  let failedSlides: [FailedSlide]
  /// What the logits are; without heads where there are none.
  let outputs: ModelOutputs
  /// Labels that later commands use when none are given.
  let outcomes: SlideLabels?
  let isFromStore: Bool
  /// What they were made from without being named, as in `Invocation.basis`.
  var basis: String?

  var valueType: ValueType { .features }
  /// The project, the tiles and what was made of them, and the labels.
  var valueIdentity: String? {
    let slides = slides.map { "\($0.name)\t\($0.tileDigest)\t\($0.tileCount)\t\($0.tfrecord ?? "")" }
    return ContentDigest.ofText(
      ([project.valueIdentity ?? "", identity, outcomes?.identity ?? "", normalizer ?? "", "\(outputs)"] + slides)
        .joined(separator: "\n"))
  }
  var tileSize: TileSize? { dataset?.dataset.tileSize }
  var tileCount: Int { slides.reduce(0) { $0 + $1.tileCount } }
  var featureCount: Int { layers.last?.columns.upperBound ?? 0 }
  var logitCount: Int { outputs.count }
  /// Names of the outputs.
  var classNames: [String] { outputs.names }
  /// For messages.
  var modelName: String {
    model.map { "The model \($0.model.path.withShortPaths)" } ?? "The model behind these features"
  }
  var shape: String { "\(slides.count.counted("slide")), \(tileCount.counted("tile")) × \(featureCount)" }
  var byteCount: Int {
    slides.reduce(0) { $0 + $1.tileCount * (featureCount + logitCount) * MemoryLayout<Float>.size }
  }

  var knownNames: KnownNames {
    var known = project.knownNames
    known.names[NameKind.slide.key] = slides.map(\.name)
    known.counts[NameKind.slide.key] = Dictionary(uniqueKeysWithValues: slides.map { ($0.name, $0.tileCount) })
    known.names[NameKind.outcome.key] = classNames
    known.names[NameKind.layer.key] = layers.map(\.layer)
    known.widths = ["features": featureCount, "logits": logitCount]
    for layer in layers { known.widths["features/" + layer.layer] = layer.columns.count }
    known.settled = outcomes == nil ? [] : ["outcomes"]
    return known
  }

  /// How columns are written: the index, or `layer/index` with several layers.
  var columnNames: [String] {
    layers.count == 1
      ? (0..<featureCount).map(String.init)
      : layers.flatMap { layer in layer.columns.indices.map { "\(layer.layer)/\($0 - layer.columns.lowerBound)" } }
  }

  private var columns: ActivationColumns {
    ActivationColumns(owner: "These features have", layers: layers, outputs: outputs)
  }

  /// The column that `feature:index` or `feature:layer/index` means.
  func column(layer: String?, index: Int) throws(WorkflowFailure) -> Int {
    try columns.feature(layer: layer, index: index)
  }

  /// The logit that a number or a class name means.
  func logit(_ name: String) throws(WorkflowFailure) -> Int { try columns.logit(name) }

  func slide(named name: String) throws(WorkflowFailure) -> Slide {
    guard let slide = slides.first(where: { $0.name == name }) else {
      throw WorkflowFailure(
        "These features have no slide \(name).", remedy: slides.first.map { "slide=\($0.name)" }, parameter: "slide")
    }
    return slide
  }

  func show(in output: any OutputSink) {
    var columns = [DataTable.Column("slide"), DataTable.Column("tiles", .integer)]
    var bySlide: [String: String] = [:]
    if case .categorical(let labels, _)? = outcomes?.values { bySlide = labels }
    if case .continuous(let labels)? = outcomes?.values { bySlide = labels.mapValues(\.shortText) }
    if let outcomes { columns.append(DataTable.Column(outcomes.column)) }
    let rows: [[DataTable.Cell]] = slides.map { slide in
      [.text(slide.name), .integer(slide.tileCount)]
        + (outcomes == nil ? [] : [bySlide[slide.name].map { .text($0) } ?? .missing])
    }
    let names = layers.map { "\($0.layer) (\($0.columns.count))" }.joined(separator: ", ")
    let table = DataTable(
      columns: columns, rows: rows,
      caption: ("Features: \(slides.count.counted("slide")), \(tileCount.counted("tile")) × "
        + "\(featureCount.counted("feature")): \(names); \(outputs.caption(StudyModel.inShort))")
        .followed(by: basis, after: "; "))
    output.show(table: table, maximumRows: 20)
    if let phrase = outcomes?.blankPhrase { output.note(phrase + ".") }
    noteFailures(in: output)
    noteNotFinite(in: output)
  }

  /// Says which records and slides gave no features; the same text whether they were computed now or before.
  private func noteFailures(in output: any OutputSink) {
    for slide in slides where !slide.stored.failures.isEmpty {
      let failures = slide.stored.failures
      let shown = failures.prefix(3).map { "record \($0.record): \($0.reason)" }.joined(separator: "; ")
      output.warn(
        "\((slide.tfrecord ?? slide.name).withShortPaths): \(failures.count) of \(slide.tileCount + failures.count) records could not be used and"
          + " were left out: \(shown)\(failures.count > 3 ? "; …" : ".")")
    }
    for slide in failedSlides {
      output.warn("Slide \(slide.name) gave no features and is left out: \(slide.reason.withShortPaths)")
    }
  }
}
