import FeatureData
import FeatureStore
import Inference
import Slides

/// Computes the features of a dataset, or finds them in the store, slide by slide.
struct FeatureExtraction {
  let dataset: StudyDataset
  let network: NetworkRun
  /// Microns per pixel of slides whose file does not say.
  let scale: GivenScale
  let extents: TileExtents
  let outcomes: SlideLabels?
  /// Nil for this process.
  let executor: (any Executor)?
  let monitor: any WorkMonitor

  private var store: FeatureStore { dataset.study.store }

  /// How many slides of the dataset are in the store, whole.
  func completeSlideCount() throws -> Int {
    let key = network.key(dataset.dataset, modelDigest: try modelDigest()).storeKey
    return try dataset.dataset.slides.count { slide in
      try store.features(of: slide.name, key: key, tileDigest: store.tileDigest(of: slide.tfrecord)) != nil
    }
  }

  private func modelDigest() throws -> String { try ModelDigest.digest(of: network.model.model.path, store: store) }

  func run() throws -> FeatureSet {
    let modelDigest = try modelDigest()
    let key = network.key(dataset.dataset, modelDigest: modelDigest).storeKey
    var found: [StoredSlideFeatures?] = []
    var missing: [(index: Int, slide: FeaturePlan.Slide)] = []
    var failed: [FeatureSet.FailedSlide] = []
    for (index, slide) in dataset.dataset.slides.enumerated() {
      try monitor.checkInterrupted()
      do throws(FeatureStoreError) {
        let digest = try store.tileDigest(of: slide.tfrecord)
        let stored = try store.features(of: slide.name, key: key, tileDigest: digest)
        found.append(stored)
        if stored == nil { missing.append((index, FeaturePlan.Slide(name: slide.name, tileDigest: digest))) }
      } catch {
        if case .unknownVersion = error { throw error }
        found.append(nil)
        failed.append(FeatureSet.FailedSlide(name: slide.name, reason: error.description))
      }
      monitor.report(phase: "looking into the store", unit: "slides", done: index + 1, total: 0)
    }
    try store.saveTileDigests()
    let isFromStore = missing.isEmpty
    if !missing.isEmpty {
      let plan = FeaturePlan(
        network, modelDigest: modelDigest, of: dataset, slides: missing.map(\.slide), scale: scale)
      failed += try runner.run(plan, monitor: monitor)
      for (index, slide) in missing {
        found[index] = try store.features(of: slide.name, key: key, tileDigest: slide.tileDigest)
      }
    }
    try renewCorners(of: &found, key: key)

    let slides = zip(dataset.dataset.slides, found).compactMap { slide, stored in
      stored.map { FeatureSet.Slide(stored: $0, tfrecord: slide.tfrecord) }
    }
    guard slides.contains(where: { $0.tileCount > 0 }) else { throw nothingUsable(slides, failed) }
    return FeatureSet(
      study: dataset.study, model: network.model, dataset: dataset,
      normalizer: network.stain.normalizer?.method.rawValue, contentIdentity: key.digest,
      layers: NamedLayer.columns(of: network.layers), slides: slides,
      failedSlides: failed.sorted { $0.name < $1.name },
      outputs: network.outputs.settled { look in
        for slide in slides { slide.forEachOutput(look) }
      }, outcomes: outcomes,
      isFromStore: isFromStore)
  }

  private var runner: any Executor {
    executor
      ?? LocalExecutor(
        study: dataset.study,
        inputs: FeatureComputation.Inputs(dataset: dataset, network: network, extents: extents))
  }

  /// Writes the corners of tiles into files that were made before their extent was known, or when another was believed.
  private func renewCorners(of found: inout [StoredSlideFeatures?], key: StoreKey) throws {
    for (index, slide) in dataset.dataset.slides.enumerated() {
      guard let stored = found[index], let locations = stored.locations,
        extents.mayDiffer(from: stored.corners, slide), let corners = extents.corners(of: slide, locations: locations),
        corners != stored.corners
      else { continue }
      try monitor.checkInterrupted()
      found[index] = try store.save(
        stored.withCorners(corners), key: key, tileDigest: stored.tileDigest)
    }
  }

  /// Why no tile at all could be used: a reason for the first slides, and what to do where that is known.
  private func nothingUsable(_ slides: [FeatureSet.Slide], _ failed: [FeatureSet.FailedSlide]) -> WorkflowFailure {
    let reasons =
      failed.map { "\($0.name): \($0.reason)" }
      + slides.compactMap { slide in
        slide.stored.failures.first.map {
          "\(slide.name): all \(slide.stored.failures.count.counted("record")), the first because \($0.reason)."
        }
      }
    return WorkflowFailure(
      "No tile of the dataset could be used. " + reasons.prefix(3).joined(separator: " "),
      remedy: "check that the tiles are of the size that their folder, \(dataset.dataset.tileSize.label), says")
  }
}
