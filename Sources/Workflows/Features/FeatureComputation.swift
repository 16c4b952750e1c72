import FeatureData
import FeatureStore
import Foundation
import Inference
import Slides
import Synchronization

/// Computes the features of a plan's slides into the store, in this process.
struct FeatureComputation {
  /// What a plan names, open.
  struct Inputs: Sendable {
    let dataset: StudyDataset
    let network: NetworkRun
    let extents: TileExtents
  }

  private let plan: FeaturePlan
  private let inputs: Inputs
  private let monitor: any WorkMonitor

  private var dataset: StudyDataset { inputs.dataset }
  private var network: NetworkRun { inputs.network }
  private var store: FeatureStore { dataset.study.store }

  init(_ plan: FeaturePlan, _ inputs: Inputs, monitor: any WorkMonitor) {
    self.plan = plan
    self.inputs = inputs
    self.monitor = monitor
  }

  /// One slide that is not in the store yet.
  private struct Missing: Sendable {
    let slide: Dataset.Slide
    let tileDigest: String
  }

  /// Slides flow through the pipeline back to back; each is written as soon as it is complete, so that an interrupt
  /// or a kill loses at most the slides in progress. A slide that another kernel computes is waited for, and computed here
  /// if that one ends without it.
  ///
  func run() throws -> FeaturePlan.Outcome {
    let keys = network.key(dataset.dataset, modelDigest: plan.modelDigest).storeKeys
    let key = keys[0]
    let known = Dictionary(dataset.dataset.slides.map { ($0.name, $0) }) { first, _ in first }
    var waiting = plan.slides.compactMap { planned in
      known[planned.name].map { Missing(slide: $0, tileDigest: planned.tileDigest) }
    }
    try store.prepare(key)
    try checkSpace(for: waiting)
    let pipeline = try network.pipeline(tileSidePixels: dataset.dataset.tileSize.pixels)
    var failed = plan.slides.filter { known[$0.name] == nil }.map {
      FeatureSet.FailedSlide(name: $0.name, reason: "its tiles are not there any more.")
    }
    var loads: [InferenceLoad] = []
    while !waiting.isEmpty {
      let queue = Mutex(JobQueue(missing: waiting))
      let load = try pipeline.run(
        monitor: monitor,
        totalTiles: waiting.reduce(0) { $0 + dataset.dataset.tileCount(of: $1.slide) },
        next: { [dataset = dataset.dataset, store, normalizer = network.stain.normalizer] in
          try Self.nextJob(queue, dataset, store, keys, normalizer)
        },
        completed: { inference in
          guard let open = queue.withLock({ $0.open.removeValue(forKey: inference.name) }) else { return }
          let slide = open.features(
            of: inference, network, extents: inputs.extents,
            engine: pipeline.record)
          _ = try store.save(slide, key: key, tileDigest: open.missing.tileDigest)
        })
      if let load { loads.append(load) }
      let result = queue.withLock { $0 }
      failed += result.failed
      if result.taken.count == waiting.count {
        try wait(for: result.taken.map(\.holder))
      }
      waiting = result.taken.map(\.missing)
    }
    // Slides that were waited for come later, and are few.
    let bound = loads.max { $0.tileCount < $1.tileCount }?.remark(of: network)
    return FeaturePlan.Outcome(
      failed: failed, remarks: pipeline.takeRemarks().map { .warning($0) } + [bound].compactMap(\.self))
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
    let width =
      network.featureCount + network.outputs.count
      + network.uncertainties.reduce(0) { $0 + $1.names.count }
    let tiles = missing.reduce(0) { $0 + dataset.dataset.tileCount(of: $1.slide) }
    // Values, locations, corners and numbers of records; and the head of each file.
    let needed = tiles * (width * MemoryLayout<Float>.size + 5 * 8) + missing.count * 8192
    guard let free = store.freeBytes, free < needed else { return }
    throw WorkflowFailure(
      "The features take \(needed.byteText), and the disk of the store, \(store.folder.withShortPaths), has "
        + "\(free.byteText) left. Nothing was computed.",
      remedy: "project PATH store=FOLDER, with a folder on a disk that has room")
  }

  /// Slides still to do, those in the pipeline, and what became of the others.
  private struct JobQueue {
    var missing: [Missing]
    var open: [String: OpenSlide] = [:]
    /// Slides that another process computes.
    var taken: [(missing: Missing, holder: String)] = []
    var failed: [FeatureSet.FailedSlide] = []

    init(missing: [Missing]) { self.missing = missing.reversed() }
  }

  /// The next slide that nobody else computes and whose tile file opens; one that does not is reported and left out.
  ///
  /// - Parameter keys: those that results may lie under; the first is the one that they are written under.
  private static func nextJob(
    _ queue: borrowing Mutex<JobQueue>, _ dataset: Dataset, _ store: FeatureStore, _ keys: [StoreKey],
    _ normalizer: StainNormalizer?
  ) throws -> SlideJob? {
    let side = dataset.tileSize.pixels
    while let next = queue.withLock({ $0.missing.popLast() }) {
      let lock: SlideLock
      switch try store.claim(next.slide.name, key: keys[0]) {
      case .held(let claimed): lock = claimed
      case .taken(let holder):
        queue.withLock { $0.taken.append((next, holder)) }
        continue
      }
      // Another process may have finished it since it was looked for.
      if try store.entry(of: next.slide.name, keys: keys, tileDigest: next.tileDigest) != nil { continue }
      do {
        let file = try TFRecordFile(path: next.slide.tfrecord, indexes: dataset.project.indexes)
        let records = dataset.records(of: next.slide)?.filter { $0 < file.count }
        let all = records?.count ?? file.count
        let count = dataset.maxTiles > 0 ? min(dataset.maxTiles, all) : all
        let open = OpenSlide(missing: next, file: file, records: records, normalizer: normalizer, lock: lock)
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
    /// Those that are computed; nil for the first of the file.
    private let records: [Int]?
    private let normalizer: StainNormalizer?
    private let lock: SlideLock
    private let locations: Mutex<[Int: TileLocation]>

    init(missing: Missing, file: TFRecordFile, records: [Int]?, normalizer: StainNormalizer?, lock: SlideLock) {
      self.missing = missing
      self.file = file
      self.records = records
      self.normalizer = normalizer
      self.lock = lock
      locations = Mutex([:])
    }

    private func record(_ tile: Int) -> Int { records?[tile] ?? tile }

    func load(_ tile: Int, into pixels: UnsafeMutableBufferPointer<UInt8>, side: Int) throws {
      let location = try file.decodeImage(record(tile), into: pixels, width: side, height: side, decoder: TileDecoder())
      normalizer?.normalize(pixels)
      if let location { locations.withLock { $0[tile] = location } }
    }

    func features(
      of inference: SlideInference, _ network: NetworkRun, extents: TileExtents, engine: String
    ) -> SlideFeatures {
      let read = locations.withLock { $0 }
      let kept = inference.tiles.compactMap { read[$0] }
      let locations = kept.count == inference.tiles.count ? kept : nil
      let failures = inference.failures.map { failure in
        RecordFailure(record: record(failure.tile), reason: Self.reason(failure.error))
      }
      return SlideFeatures(
        slide: missing.slide.name,
        features: Matrix(sideBySide: Array(inference.activations.prefix(network.layers.count))),
        logits: inference.logits, outputs: network.outputs, locations: locations,
        corners: locations.flatMap { extents.corners(of: missing.slide, locations: $0) },
        quantities: zip(network.uncertainties, inference.activations.dropFirst(network.layers.count)).flatMap {
          spread, numbers in
          spread.names.enumerated().map { column, name in
            TileQuantity(name: name, values: (0..<numbers.rowCount).map { numbers[$0, column] })
          }
        },
        layers: network.layers.map { StoredLayer(layer: $0.name, width: $0.layer.width) },
        records: inference.tiles.map(record),
        failures: failures, engine: engine)
    }

    /// The fault alone: the file and the record stand beside it.
    private static func reason(_ error: any Error) -> String {
      if case .record(_, let fault)? = error as? SlidesError { return fault.description }
      return error.sentence
    }
  }
}
