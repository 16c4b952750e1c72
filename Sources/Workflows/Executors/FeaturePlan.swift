import FeatureStore
import Inference
package import Slides

/// Features of slides that are to be computed into a study's store.
package struct FeaturePlan: Plan {
  package struct Slide: Codable, Sendable, Hashable {
    package let name: String
    /// Of the tile file that the features are made from.
    package let tileDigest: String
  }

  /// What comes of it besides the features in the store.
  package struct Outcome: Sendable {
    /// Slides that gave none.
    package var failed: [FeatureSet.FailedSlide] = []
    /// What is to be said of how they were computed.
    package var remarks: [Remark] = []
  }

  package let study: StudyPlace
  package let network: NetworkPlan
  /// Of the model's files.
  package let modelDigest: String
  package let tileSize: TileSize
  package let selection: Dataset.Selection
  /// Microns per pixel of slides whose file does not say.
  package let scale: GivenScale
  package let slides: [Slide]

  init(
    _ network: NetworkRun, modelDigest: String, of dataset: StudyDataset, slides: [Slide], scale: GivenScale
  ) {
    study = StudyPlace(dataset.study)
    self.network = network.plan
    self.modelDigest = modelDigest
    tileSize = dataset.dataset.tileSize
    selection = dataset.dataset.selection
    self.scale = scale
    self.slides = slides
  }

  /// True where these are what the plan would open.
  func isOf(_ dataset: StudyDataset, _ network: NetworkRun) -> Bool {
    study == StudyPlace(dataset.study) && tileSize == dataset.dataset.tileSize
      && selection == dataset.dataset.selection && self.network == network.plan
  }

  /// What the plan needs, opened.
  ///
  /// - Throws: also where the model or a tile file is no longer what it was when the plan was made.
  func inputs(in study: Study) throws -> FeatureComputation.Inputs {
    let network = try network.network(in: study)
    func check(_ path: String, _ digest: String, _ planned: String) throws(WorkflowFailure) {
      guard digest != planned else { return }
      throw WorkflowFailure("\(path) was changed since this was planned.", remedy: "features again")
    }
    let path = network.model.model.path
    try check(path, try ModelDigest.digest(of: network.model, store: study.store), modelDigest)
    let dataset = try StudyDataset(study, size: tileSize, selection: selection)
    let planned = Dictionary(slides.map { ($0.name, $0.tileDigest) }) { first, _ in first }
    for slide in dataset.dataset.slides {
      guard let digest = planned[slide.name] else { continue }
      try check(slide.tfrecord, try study.store.tileDigest(of: slide.tfrecord), digest)
    }
    return FeatureComputation.Inputs(
      dataset: dataset, network: network, extents: TileExtents(dataset, given: scale))
  }
}

extension NetworkRun {
  /// Everything that the features of a dataset depend on besides its tiles.
  func key(_ dataset: Dataset, modelDigest: String) -> FeatureKey {
    FeatureKey(
      modelDigest: modelDigest, layers: layers.map(\.layer.identity), precision: settings.precision.rawValue,
      standardization: inputIdentity(tileSide: dataset.tileSize.pixels), tileLabel: dataset.tileSize.label,
      maxTiles: dataset.maxTiles, records: dataset.selection.records.map(Self.digest), includesLogits: includesLogits,
      outputs: includesLogits ? model.reading.storeIdentity : nil,
      uncertainty: uncertainties.isEmpty ? nil : uncertainties.map(\.layer.identity),
      normalizer: stain.normalizer?.identity,
      engine: settings.identity, engineName: engineName, engineVersion: engineVersion)
  }

  private static func digest(_ records: [String: [Int]]) -> String {
    ContentDigest.ofText(
      records.sorted { $0.key < $1.key }.map { "\($0.key)\t\(ContentDigest.of("", $0.value))" }.joined(separator: "\n"))
  }

  /// How tiles of this side become the network's input. A side that stands in the file leaves no trace.
  private func inputIdentity(tileSide: Int) -> String {
    let (choice, input) = (model.choice, model.model.input)
    let side = input.sidePixels ?? tileSide
    return [
      choice.standardization.identity, input.isSideOpen && side != tileSide ? "side=\(side)" : nil,
      choice.resizing.identity(tileSide: tileSide, networkSide: side),
    ].compactMap(\.self).joined(separator: ";")
  }
}
