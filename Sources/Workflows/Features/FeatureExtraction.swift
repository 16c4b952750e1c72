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
    let keys = network.key(dataset.dataset, modelDigest: try modelDigest()).storeKeys
    return try dataset.dataset.slides.count { slide in
      try store.entry(of: slide.name, keys: keys, tileDigest: store.tileDigest(of: slide.tfrecord)) != nil
    }
  }

  private func modelDigest() throws -> String { try ModelDigest.digest(of: network.model, store: store) }

  /// - Returns: the features, and what is to be said of how they were computed.
  func run() throws -> (features: FeatureSet, remarks: [Remark]) {
    let modelDigest = try modelDigest()
    let keys = network.key(dataset.dataset, modelDigest: modelDigest).storeKeys
    var found: [FeatureStore.Entry?] = []
    var missing: [(index: Int, slide: FeaturePlan.Slide)] = []
    var failed: [FeatureSet.FailedSlide] = []
    for (index, slide) in dataset.dataset.slides.enumerated() {
      try monitor.checkInterrupted()
      do throws(FeatureStoreError) {
        let digest = try store.tileDigest(of: slide.tfrecord)
        let entry = try store.entry(of: slide.name, keys: keys, tileDigest: digest)
        found.append(entry)
        if entry == nil { missing.append((index, FeaturePlan.Slide(name: slide.name, tileDigest: digest))) }
      } catch {
        if case .unknownVersion = error { throw error }
        found.append(nil)
        failed.append(FeatureSet.FailedSlide(name: slide.name, reason: error.description))
      }
      monitor.report(phase: "looking into the store", unit: "slides", done: index + 1, total: 0)
    }
    try store.saveTileDigests()
    let isFromStore = missing.isEmpty
    var remarks: [Remark] = []
    if !missing.isEmpty {
      let plan = FeaturePlan(
        network, modelDigest: modelDigest, of: dataset, slides: missing.map(\.slide), scale: scale)
      let outcome = try runner.run(plan, monitor: monitor)
      failed += outcome.failed
      remarks = outcome.remarks
      for (index, slide) in missing {
        found[index] = try store.entry(of: slide.name, keys: keys, tileDigest: slide.tileDigest)
      }
    }
    try renewCorners(of: &found)

    let slides = zip(dataset.dataset.slides, found).compactMap { slide, entry in
      entry.map { FeatureSet.Slide(stored: $0.features, tfrecord: slide.tfrecord) }
    }
    guard slides.contains(where: { $0.tileCount > 0 }) else { throw nothingUsable(slides, failed) }
    let features = FeatureSet(
      study: dataset.study, model: network.model, dataset: dataset,
      normalizer: network.stain.normalizer?.method.rawValue,
      contentIdentity: Self.identity(of: found.compactMap(\.self)),
      layers: NamedLayer.columns(of: network.layers), slides: slides,
      failedSlides: failed.sorted { $0.name < $1.name },
      outputs: network.outputs.settled { look in
        for slide in slides { slide.forEachOutput(look) }
      }, outcomes: outcomes,
      isFromStore: isFromStore)
    return (features, remarks)
  }

  private var runner: any Executor {
    executor
      ?? LocalExecutor(
        study: dataset.study,
        inputs: FeatureComputation.Inputs(dataset: dataset, network: network, extents: extents))
  }

  /// The digest of the key that all slides lie under; where they lie under several, a digest of which under which.
  private static func identity(of entries: [FeatureStore.Entry]) -> String {
    let digests = Set(entries.map(\.key.digest))
    if digests.count == 1, let only = digests.first { return only }
    return ContentDigest.ofText(
      entries.map { "\($0.features.slide)\t\($0.key.digest)" }.joined(separator: "\n"))
  }

  /// Writes the corners of tiles into files that were made before their extent was known, or when another was believed.
  private func renewCorners(of found: inout [FeatureStore.Entry?]) throws {
    for (index, slide) in dataset.dataset.slides.enumerated() {
      guard let entry = found[index], case let stored = entry.features, let locations = stored.locations,
        extents.mayDiffer(from: stored.corners, slide), let corners = extents.corners(of: slide, locations: locations),
        corners != stored.corners
      else { continue }
      try monitor.checkInterrupted()
      found[index] = FeatureStore.Entry(
        features: try store.save(stored.withCorners(corners), key: entry.key, tileDigest: stored.tileDigest),
        key: entry.key)
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
