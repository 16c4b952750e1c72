import CommandLanguage
import FeatureData
import FeatureStore
import Inference
import Slides
import Synchronization

/// Computes the features of a dataset, or finds them in the store, slide by slide.
struct FeatureExtraction {
  let dataset: DatasetValue
  let model: ModelValue
  let layers: [Layer]
  let includeLogits: Bool
  let settings: InferenceSettings
  let outcomes: SlideLabels?
  let monitor: any WorkMonitor

  private var store: FeatureStore { dataset.project.store }
  private var standardization: Standardization { model.choice.standardization }

  /// One slide that is not in the store yet.
  private struct Missing: Sendable {
    let index: Int
    let slide: Dataset.Slide
    let tileDigest: String
  }

  /// How many slides of the dataset are in the store, whole.
  func completeSlideCount() throws -> Int {
    let key = try key()
    return try dataset.dataset.slides.count { slide in
      try store.features(of: slide.name, key: key, tileDigest: store.tileDigest(of: slide.tfrecord)) != nil
    }
  }

  private func key() throws -> FeatureKey {
    FeatureKey(
      modelDigest: try ModelDigest.digest(of: model.model.path, store: store), layers: layers.map(\.name),
      precision: settings.precision.rawValue, standardization: standardization.identity,
      tileLabel: dataset.dataset.tileSize.label, maxTiles: dataset.dataset.maxTiles, includesLogits: includeLogits,
      engine: settings.identity)
  }

  func run() throws -> FeaturesValue {
    let key = try key()
    var found: [StoredSlideFeatures?] = []
    var missing: [Missing] = []
    var failed: [FeaturesValue.FailedSlide] = []
    for (index, slide) in dataset.dataset.slides.enumerated() {
      try monitor.checkInterrupted()
      do throws(FeatureStoreError) {
        let digest = try store.tileDigest(of: slide.tfrecord)
        let stored = store.features(of: slide.name, key: key, tileDigest: digest)
        found.append(stored)
        if stored == nil { missing.append(Missing(index: index, slide: slide, tileDigest: digest)) }
      } catch {
        found.append(nil)
        failed.append(FeaturesValue.FailedSlide(name: slide.name, reason: error.description))
      }
      monitor.report(phase: "looking into the store", unit: "slides", done: index + 1, total: 0)
    }
    try store.saveTileDigests()
    if !missing.isEmpty {
      let computed = try compute(missing, key: key)
      for (index, stored) in computed.stored { found[index] = stored }
      failed += computed.failed
    }

    let slides = zip(dataset.dataset.slides, found).compactMap { slide, stored in
      stored.map { FeaturesValue.Slide(stored: $0, tfrecord: slide.tfrecord) }
    }
    guard slides.contains(where: { $0.tileCount > 0 }) else { throw nothingUsable(slides, failed) }
    var columns: [FeaturesValue.LayerColumns] = []
    var start = 0
    for layer in layers {
      let name = layer == model.model.layers.postconv ? "postconv" : layer.name
      columns.append(FeaturesValue.LayerColumns(layer: name, columns: start..<start + layer.width))
      start += layer.width
    }
    return FeaturesValue(
      dataset: dataset, model: model, key: key, layers: columns, slides: slides,
      failedSlides: failed.sorted { $0.name < $1.name }, outcomes: outcomes, isFromStore: missing.isEmpty)
  }

  /// Why no tile at all could be used: a reason for the first slides, and what to do where that is known.
  private func nothingUsable(_ slides: [FeaturesValue.Slide], _ failed: [FeaturesValue.FailedSlide]) -> CommandFailure {
    let reasons =
      failed.map { "\($0.name): \($0.reason)" }
      + slides.compactMap { slide in
        slide.stored.failures.first.map {
          "\(slide.name): all \(slide.stored.failures.count.counted("record")), the first because \($0.reason)."
        }
      }
    return CommandFailure(
      "No tile of the dataset could be used. " + reasons.prefix(3).joined(separator: " "),
      remedy: "check that the tiles are of the size that their folder, \(dataset.dataset.tileSize.label), says")
  }

  // MARK: Computing

  private struct Computed {
    var stored: [(index: Int, features: StoredSlideFeatures)] = []
    var failed: [FeaturesValue.FailedSlide] = []
  }

  /// Slides flow through the pipeline back to back; each is written as soon as it is complete, so that an interrupt
  /// or a kill loses at most the slides in progress.
  private func compute(_ missing: [Missing], key: FeatureKey) throws -> Computed {
    let pipeline = try InferencePipeline(
      model: model.model, layers: layers, includeLogits: includeLogits, standardization: standardization,
      tileSidePixels: dataset.dataset.tileSize.pixels, settings: settings)
    let tileTotal = missing.reduce(0) { $0 + dataset.dataset.tileCount(of: $1.slide) }
    let queue = Mutex(JobQueue(missing: missing))
    var computed = Computed()
    try pipeline.run(
      monitor: monitor, totalTiles: tileTotal,
      next: { [dataset = dataset.dataset] in
        try Self.nextJob(queue, dataset)
      },
      completed: { inference in
        guard let open = queue.withLock({ $0.open.removeValue(forKey: inference.name) }) else { return }
        let slide = open.features(of: inference, engine: pipeline.record)
        let stored = try store.save(slide, key: key, tileDigest: open.missing.tileDigest)
        computed.stored.append((open.missing.index, stored))
      })
    computed.failed = queue.withLock { $0.failed }
    return computed
  }

  /// Slides still to do, and those in the pipeline.
  private struct JobQueue {
    var missing: [Missing]
    var open: [String: OpenSlide] = [:]
    var failed: [FeaturesValue.FailedSlide] = []

    init(missing: [Missing]) { self.missing = missing.reversed() }
  }

  /// The next slide whose tile file opens; one that does not is reported and left out.
  private static func nextJob(_ queue: borrowing Mutex<JobQueue>, _ dataset: Dataset) throws -> SlideJob? {
    let side = dataset.tileSize.pixels
    while let next = queue.withLock({ $0.missing.popLast() }) {
      do {
        let file = try TFRecordFile(path: next.slide.tfrecord, indexes: dataset.project.indexes)
        let count = dataset.maxTiles > 0 ? min(dataset.maxTiles, file.count) : file.count
        let open = OpenSlide(missing: next, file: file, recordCount: count)
        queue.withLock { $0.open[next.slide.name] = open }
        return SlideJob(name: next.slide.name, tileCount: count) { index, pixels in
          try open.load(index, into: pixels, side: side)
        }
      } catch {
        queue.withLock {
          $0.failed.append(FeaturesValue.FailedSlide(name: next.slide.name, reason: "\(error)"))
        }
      }
    }
    return nil
  }

  /// A slide in the pipeline: its tile file, and the locations read so far.
  private final class OpenSlide: Sendable {
    let missing: Missing
    private let file: TFRecordFile
    private let recordCount: Int
    private let locations: Mutex<[Int: TileLocation]>

    init(missing: Missing, file: TFRecordFile, recordCount: Int) {
      self.missing = missing
      self.file = file
      self.recordCount = recordCount
      locations = Mutex([:])
    }

    func load(_ record: Int, into pixels: UnsafeMutableBufferPointer<UInt8>, side: Int) throws {
      let location = try file.decodeImage(record, into: pixels, width: side, height: side, decoder: TileDecoder())
      if let location { locations.withLock { $0[record] = location } }
    }

    func features(of inference: SlideInference, engine: String) -> SlideFeatures {
      let read = locations.withLock { $0 }
      let locations = inference.tiles.compactMap { read[$0] }
      let failures = inference.failures.map { failure in
        RecordFailure(record: failure.tile, reason: Self.reason(failure.error))
      }
      return SlideFeatures(
        slide: missing.slide.name, features: Self.joined(inference.activations), logits: inference.logits,
        locations: locations.count == inference.tiles.count ? locations : nil, records: inference.tiles,
        failures: failures, engine: engine)
    }

    /// The fault alone: the file and the record stand beside it.
    private static func reason(_ error: any Error) -> String {
      if case .record(_, let fault)? = error as? SlidesError { return fault.description }
      return "\(error)"
    }

    /// The columns of several layers side by side.
    private static func joined(_ matrices: [Matrix]) -> Matrix {
      guard matrices.count > 1, let rows = matrices.first?.rowCount else {
        return matrices.first ?? Matrix(rowCount: 0, columnCount: 0)
      }
      var elements: [Float] = []
      elements.reserveCapacity(rows * matrices.reduce(0) { $0 + $1.columnCount })
      for row in 0..<rows { for matrix in matrices { elements += matrix.row(row) } }
      return Matrix(rowCount: rows, columnCount: matrices.reduce(0) { $0 + $1.columnCount }, elements: elements)
    }
  }
}
