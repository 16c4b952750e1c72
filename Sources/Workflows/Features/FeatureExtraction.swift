import FeatureData
import FeatureStore
import Foundation
import Inference
import Slides
import Synchronization

/// Computes the features of a dataset, or finds them in the store, slide by slide.
struct FeatureExtraction {
  let dataset: StudyDataset
  let network: NetworkRun
  let extents: TileExtents
  let outcomes: SlideLabels?
  let monitor: any WorkMonitor

  private var store: FeatureStore { dataset.study.store }
  private var normalizer: StainNormalizer? { network.stain.normalizer }

  /// One slide that is not in the store yet.
  private struct Missing: Sendable {
    let index: Int
    let slide: Dataset.Slide
    let tileDigest: String
  }

  /// How many slides of the dataset are in the store, whole.
  func completeSlideCount() throws -> Int {
    let key = try key().storeKey
    return try dataset.dataset.slides.count { slide in
      try store.features(of: slide.name, key: key, tileDigest: store.tileDigest(of: slide.tfrecord)) != nil
    }
  }

  private func key() throws -> FeatureKey {
    FeatureKey(
      modelDigest: try ModelDigest.digest(of: network.model.model.path, store: store),
      layers: network.layers.map(\.layer.identity), precision: network.settings.precision.rawValue,
      standardization: network.model.choice.standardization.identity,
      tileLabel: dataset.dataset.tileSize.label, maxTiles: dataset.dataset.maxTiles,
      includesLogits: network.includesLogits,
      outputs: network.includesLogits ? network.model.reading.storeIdentity : nil, normalizer: normalizer?.identity,
      engine: network.settings.identity)
  }

  func run() throws -> FeatureSet {
    let key = try key().storeKey
    var found: [StoredSlideFeatures?] = []
    var missing: [Missing] = []
    var failed: [FeatureSet.FailedSlide] = []
    for (index, slide) in dataset.dataset.slides.enumerated() {
      try monitor.checkInterrupted()
      do throws(FeatureStoreError) {
        let digest = try store.tileDigest(of: slide.tfrecord)
        let stored = try store.features(of: slide.name, key: key, tileDigest: digest)
        found.append(stored)
        if stored == nil { missing.append(Missing(index: index, slide: slide, tileDigest: digest)) }
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
      let computed = try compute(missing, key: key)
      for (index, stored) in computed.stored { found[index] = stored }
      failed += computed.failed
    }
    try renewCorners(of: &found, key: key)

    let slides = zip(dataset.dataset.slides, found).compactMap { slide, stored in
      stored.map { FeatureSet.Slide(stored: $0, tfrecord: slide.tfrecord) }
    }
    guard slides.contains(where: { $0.tileCount > 0 }) else { throw nothingUsable(slides, failed) }
    return FeatureSet(
      study: dataset.study, model: network.model, dataset: dataset,
      normalizer: normalizer?.method.rawValue, contentIdentity: key.digest,
      layers: NamedLayer.columns(of: network.layers), slides: slides,
      failedSlides: failed.sorted { $0.name < $1.name },
      outputs: network.outputs.settled { look in
        for slide in slides { slide.forEachOutput(look) }
      }, outcomes: outcomes,
      isFromStore: isFromStore)
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

  // MARK: Computing

  private struct Computed {
    var stored: [(index: Int, features: StoredSlideFeatures)] = []
    var failed: [FeatureSet.FailedSlide] = []
  }

  /// Slides flow through the pipeline back to back; each is written as soon as it is complete, so that an interrupt
  /// or a kill loses at most the slides in progress. A slide that another kernel computes is waited for, and computed here
  /// if that one ends without it.
  private func compute(_ missing: [Missing], key: StoreKey) throws -> Computed {
    try store.prepare(key)
    try checkSpace(for: missing)
    let pipeline = try network.pipeline(tileSidePixels: dataset.dataset.tileSize.pixels)
    var computed = Computed()
    var waiting = missing
    while !waiting.isEmpty {
      let queue = Mutex(JobQueue(missing: waiting))
      try pipeline.run(
        monitor: monitor,
        totalTiles: waiting.reduce(0) { $0 + dataset.dataset.tileCount(of: $1.slide) },
        next: { [dataset = dataset.dataset, store, normalizer] in
          try Self.nextJob(queue, dataset, store, key, normalizer)
        },
        completed: { inference in
          guard let open = queue.withLock({ $0.open.removeValue(forKey: inference.name) }) else { return }
          let slide = open.features(
            of: inference, layers: network.layers, outputs: network.outputs, extents: extents, engine: pipeline.record)
          let stored = try store.save(slide, key: key, tileDigest: open.missing.tileDigest)
          computed.stored.append((open.missing.index, stored))
        })
      let result = queue.withLock { $0 }
      computed.failed += result.failed
      computed.stored += result.found
      if result.taken.count == waiting.count {
        try wait(for: result.taken.map(\.holder))
      }
      waiting = result.taken.map(\.missing)
    }
    return computed
  }

  /// A moment in which another process may finish its slides.
  private func wait(for holders: [String]) throws {
    let names = Set(holders).sorted().joined(separator: ", ")
    for _ in 0..<5 {
      try monitor.checkInterrupted()
      monitor.report(phase: "waiting for \(names)", unit: "slides", done: 0, total: holders.count)
      usleep(50_000)
    }
  }

  /// That what is to be computed fits on the disk, before work starts.
  private func checkSpace(for missing: [Missing]) throws {
    let width = network.featureCount + network.outputs.count
    let tiles = missing.reduce(0) { $0 + dataset.dataset.tileCount(of: $1.slide) }
    // Values, locations, corners and numbers of records; and the head of each file.
    let needed = tiles * (width * MemoryLayout<Float>.size + 5 * 8) + missing.count * 8192
    guard let free = store.freeBytes, free < needed else { return }
    func size(_ bytes: Int) -> String { ByteCountFormatter.string(fromByteCount: Int64(bytes), countStyle: .file) }
    throw WorkflowFailure(
      "The features take \(size(needed)), and the disk of the store, \(store.folder.withShortPaths), has "
        + "\(size(free)) left. Nothing was computed.",
      remedy: "project PATH store=FOLDER, with a folder on a disk that has room")
  }

  /// Slides still to do, those in the pipeline, and what became of the others.
  private struct JobQueue {
    var missing: [Missing]
    var open: [String: OpenSlide] = [:]
    /// Slides that another process computes.
    var taken: [(missing: Missing, holder: String)] = []
    /// Slides that another process has finished meanwhile.
    var found: [(index: Int, features: StoredSlideFeatures)] = []
    var failed: [FeatureSet.FailedSlide] = []

    init(missing: [Missing]) { self.missing = missing.reversed() }
  }

  /// The next slide that nobody else computes and whose tile file opens; one that does not is reported and left out.
  private static func nextJob(
    _ queue: borrowing Mutex<JobQueue>, _ dataset: Dataset, _ store: FeatureStore, _ key: StoreKey,
    _ normalizer: StainNormalizer?
  ) throws -> SlideJob? {
    let side = dataset.tileSize.pixels
    while let next = queue.withLock({ $0.missing.popLast() }) {
      let lock: SlideLock
      switch try store.claim(next.slide.name, key: key) {
      case .held(let claimed): lock = claimed
      case .taken(let holder):
        queue.withLock { $0.taken.append((next, holder)) }
        continue
      }
      // Another process may have finished it since it was looked for.
      if let stored = try store.features(of: next.slide.name, key: key, tileDigest: next.tileDigest) {
        queue.withLock { $0.found.append((next.index, stored)) }
        continue
      }
      do {
        let file = try TFRecordFile(path: next.slide.tfrecord, indexes: dataset.project.indexes)
        let count = dataset.maxTiles > 0 ? min(dataset.maxTiles, file.count) : file.count
        let open = OpenSlide(missing: next, file: file, recordCount: count, normalizer: normalizer, lock: lock)
        queue.withLock { $0.open[next.slide.name] = open }
        return SlideJob(name: next.slide.name, tileCount: count) { index, pixels in
          try open.load(index, into: pixels, side: side)
        }
      } catch {
        queue.withLock {
          $0.failed.append(FeatureSet.FailedSlide(name: next.slide.name, reason: error.sentence))
        }
      }
    }
    return nil
  }

  /// A slide in the pipeline: its tile file, the locations read so far, and the right to compute it.
  private final class OpenSlide: Sendable {
    let missing: Missing
    private let file: TFRecordFile
    private let recordCount: Int
    private let normalizer: StainNormalizer?
    private let lock: SlideLock
    private let locations: Mutex<[Int: TileLocation]>

    init(missing: Missing, file: TFRecordFile, recordCount: Int, normalizer: StainNormalizer?, lock: SlideLock) {
      self.missing = missing
      self.file = file
      self.recordCount = recordCount
      self.normalizer = normalizer
      self.lock = lock
      locations = Mutex([:])
    }

    func load(_ record: Int, into pixels: UnsafeMutableBufferPointer<UInt8>, side: Int) throws {
      let location = try file.decodeImage(record, into: pixels, width: side, height: side, decoder: TileDecoder())
      normalizer?.normalize(pixels)
      if let location { locations.withLock { $0[record] = location } }
    }

    func features(
      of inference: SlideInference, layers: [NamedLayer], outputs: ModelOutputs, extents: TileExtents, engine: String
    ) -> SlideFeatures {
      let read = locations.withLock { $0 }
      let kept = inference.tiles.compactMap { read[$0] }
      let locations = kept.count == inference.tiles.count ? kept : nil
      let failures = inference.failures.map { failure in
        RecordFailure(record: failure.tile, reason: Self.reason(failure.error))
      }
      return SlideFeatures(
        slide: missing.slide.name, features: Matrix(sideBySide: inference.activations), logits: inference.logits,
        outputs: outputs, locations: locations,
        corners: locations.flatMap { extents.corners(of: missing.slide, locations: $0) },
        layers: layers.map { StoredLayer(layer: $0.name, width: $0.layer.width) }, records: inference.tiles,
        failures: failures, engine: engine)
    }

    /// The fault alone: the file and the record stand beside it.
    private static func reason(_ error: any Error) -> String {
      if case .record(_, let fault)? = error as? SlidesError { return fault.description }
      return error.sentence
    }
  }
}
