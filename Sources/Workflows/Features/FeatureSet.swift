package import FeatureData
package import FeatureStore
import Inference
package import Rendering
package import Slides

/// Activations, logits and locations of every tile of a dataset; the numbers stay in the store's files.
package struct FeatureSet: Sendable {
  package struct Slide: Sendable {
    /// As the project calls it.
    package let name: String
    package let stored: StoredSlideFeatures
    /// The file that the tile images are read from; nil where the features came without one that fits.
    package let tfrecord: String?
    /// What the tile file was when the features were made, as a digest.
    package let tileDigest: String
    /// The record of the tile file that each row belongs to.
    package let records: [Int]
    /// Why its tiles cannot be cut from its slide; nil where they can.
    let gap: TileOrigins.Gap?
    /// Numbers of tiles that were joined with the features afterwards.
    var added: [TileQuantity] = []
    /// What their files held, as a digest; nil without any.
    var addedFrom: String?

    init(
      name: String? = nil, stored: StoredSlideFeatures, tfrecord: String?, tileDigest: String? = nil,
      records: [Int]? = nil, gap: TileOrigins.Gap? = nil
    ) {
      self.name = name ?? stored.slide
      self.stored = stored
      self.tfrecord = tfrecord
      self.tileDigest = tileDigest ?? stored.tileDigest
      self.records = records ?? stored.records
      self.gap = gap
    }

    package var tileCount: Int { stored.features.rowCount }

    /// Numbers of each tile besides its features; of two of one name the one that was joined with them.
    package var quantities: [TileQuantity] { added + stored.quantities }

    /// Calls with the outputs of each tile, in order; not at all where there are none.
    package func forEachOutput(_ body: (ArraySlice<Float>) -> Void) {
      guard let logits = stored.logits else { return }
      // Some rows at a time, for a slide may have very many.
      for start in stride(from: 0, to: logits.rowCount, by: 4096) {
        let rows = logits.matrix(rows: start..<min(start + 4096, logits.rowCount))
        for row in 0..<rows.rowCount { body(rows.row(row)) }
      }
    }

    /// The outputs of a tile; empty where there are none.
    package func outputs(_ tile: Int) -> ArraySlice<Float> { stored.logits?.row(tile)[...] ?? [] }
  }

  /// A slide that gave no features.
  package struct FailedSlide: Sendable, Equatable {
    package let name: String
    package let reason: String
  }

  /// The columns of one layer.
  package struct LayerColumns: Sendable, Equatable {
    package let layer: String
    package let columns: Range<Int>

    package init(layer: String, columns: Range<Int>) {
      self.layer = layer
      self.columns = columns
    }
  }

  /// What the columns of features from other programs are called.
  static let importedLayer = "features"

  package let study: Study
  /// The model that made them; nil for features made elsewhere.
  package let model: StudyModel?
  /// Whose tiles they are of; nil for features made elsewhere.
  package let dataset: StudyDataset?
  /// The stain normalisation of the tiles, by its method.
  package let normalizer: String?
  /// Equal texts, equal features of equal tiles.
  package let contentIdentity: String
  package let layers: [LayerColumns]
  /// Sorted by name.
  package let slides: [Slide]
  package let failedSlides: [FailedSlide]
  /// What the logits are; without heads where there are none.
  package let outputs: ModelOutputs
  /// Labels that later commands use when none are given.
  package let outcomes: SlideLabels?
  package let isFromStore: Bool
  /// What they were made from without being named: "on dataset d, by labels l".
  package var basis: String?

  package init(
    study: Study, model: StudyModel?, dataset: StudyDataset?, normalizer: String?, contentIdentity: String,
    layers: [LayerColumns], slides: [Slide], failedSlides: [FailedSlide], outputs: ModelOutputs,
    outcomes: SlideLabels?, isFromStore: Bool, basis: String? = nil
  ) {
    self.study = study
    self.model = model
    self.dataset = dataset
    self.normalizer = normalizer
    self.contentIdentity = contentIdentity
    self.layers = layers
    self.slides = slides
    self.failedSlides = failedSlides
    self.outputs = outputs
    self.outcomes = outcomes
    self.isFromStore = isFromStore
    self.basis = basis
  }

  /// The study, the tiles and what was made of them, and the labels.
  package var identity: String {
    let slides = slides.map { slide in
      "\(slide.name)\t\(slide.tileDigest)\t\(slide.tileCount)\t\(slide.tfrecord ?? "")"
        + (slide.addedFrom.map { "\t" + $0 } ?? "")
    }
    return ContentDigest.ofText(
      ([study.identity, contentIdentity, outcomes?.identity ?? "", normalizer ?? "", "\(outputs)"] + slides)
        .joined(separator: "\n"))
  }
  package var tileSize: TileSize? { dataset?.dataset.tileSize }
  package var tileCount: Int { slides.reduce(0) { $0 + $1.tileCount } }
  package var featureCount: Int { layers.last?.columns.upperBound ?? 0 }
  package var logitCount: Int { outputs.count }
  /// Names of the outputs.
  package var classNames: [String] { outputs.names }
  /// For messages.
  package var modelName: String {
    model.map { "The model \($0.model.path.withShortPaths)" } ?? "The model behind these features"
  }
  package var shape: String { "\(slides.count.counted("slide")), \(tileCount.counted("tile")) × \(featureCount)" }
  package var byteCount: Int {
    slides.reduce(0) { $0 + $1.tileCount * (featureCount + logitCount) * MemoryLayout<Float>.size }
  }

  /// How columns are written: the index, or `layer/index` with several layers.
  package var columnNames: [String] {
    layers.count == 1
      ? (0..<featureCount).map(String.init)
      : layers.flatMap { layer in layer.columns.indices.map { "\(layer.layer)/\($0 - layer.columns.lowerBound)" } }
  }

  private var columns: ActivationColumns {
    ActivationColumns(owner: "These features have", layers: layers, outputs: outputs)
  }

  /// The column that `feature:index` or `feature:layer/index` means.
  package func column(layer: String?, index: Int) throws(WorkflowFailure) -> Int {
    try columns.feature(layer: layer, index: index)
  }

  /// The logit that a number or a class name means.
  package func logit(_ name: String) throws(WorkflowFailure) -> Int { try columns.logit(name) }

  /// The output whose probability is meant.
  func probability(_ name: String) throws(WorkflowFailure) -> Int { try columns.probability(name) }

  package func slide(named name: String) throws(WorkflowFailure) -> Slide {
    guard let slide = slides.first(where: { $0.name == name }) else {
      throw WorkflowFailure(
        "These features have no slide \(name).", remedy: slides.first.map { "slide=\($0.name)" }, parameter: "slide")
    }
    return slide
  }

  /// A row for each slide.
  package var table: DataTable {
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
    return DataTable(
      columns: columns, rows: rows,
      caption: ("Features: \(slides.count.counted("slide")), \(tileCount.counted("tile")) × "
        + "\(featureCount.counted("feature")): \(names); \(outputs.caption(StudyModel.inShort))")
        .followed(by: basis, after: "; "))
  }

  /// Slides without labels, records and slides that gave no features, tiles with NaN or infinity; the same whether they
  /// were computed now or before.
  package var remarks: [Remark] {
    (outcomes?.blankPhrase.map { [.note($0 + ".")] } ?? []) + failures + notFiniteRemarks
  }

  private var failures: [Remark] {
    let records = slides.filter { !$0.stored.failures.isEmpty }.map { slide -> Remark in
      let failures = slide.stored.failures
      let shown = failures.prefix(3).map { "record \($0.record): \($0.reason)" }.joined(separator: "; ")
      return .warning(
        "\((slide.tfrecord ?? slide.name).withShortPaths): \(failures.count) of \(slide.tileCount + failures.count) records could not be used and"
          + " were left out: \(shown)\(failures.count > 3 ? "; …" : ".")")
    }
    return records
      + failedSlides.map { slide in
        .warning("Slide \(slide.name) gave no features and is left out: \(slide.reason.withShortPaths)")
      }
  }
}
