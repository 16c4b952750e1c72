import FeatureData
import FeatureStore
import Foundation
import Inference
import Slides

/// Everything that a calibration depends on.
private struct CalibrationKey: Encodable {
  /// Of the features, before the ranges are known.
  let features: FeatureKey
  /// The tile files that tiles are chosen from, by their digests.
  let tiles: [String]

  /// The number counts the ways in which tiles were chosen and ranges found.
  var storeKey: StoreKey { StoreKey(self, prefix: "calibration 1\n") }
}

extension NetworkRun {
  /// The same network, calibrated on tiles of a dataset, or as it was before; another precision stays as it is.
  ///
  /// - Throws: a failure where eight bits do harm, or too few tiles show tissue; `WorkInterrupted`.
  func calibrated(on dataset: StudyDataset, monitor: any WorkMonitor) throws -> NetworkRun {
    guard settings.precision == .int8 else { return self }
    let (store, tiles) = (dataset.study.store, dataset.dataset)
    var slides: [Dataset.Slide] = []
    var digests: [String] = []
    for slide in tiles.slides {
      try monitor.checkInterrupted()
      monitor.report(phase: "looking into the store", unit: "slides", done: slides.count, total: tiles.slides.count)
      // One that cannot be read is told of when its features are computed.
      guard let digest = try? store.tileDigest(of: slide.tfrecord) else { continue }
      slides.append(slide)
      digests.append("\(slide.name)\t\(digest)")
    }
    let modelDigest = try ModelDigest.digest(of: model, store: store)
    let key = CalibrationKey(features: key(tiles, modelDigest: modelDigest), tiles: digests).storeKey
    if let kept = Self.kept(in: store, key.digest), kept.key == key.text { return try calibrated(kept) }
    let candidates = slides.map { slide in
      CalibrationTiles.Slide(name: slide.name, count: tiles.tileCount(of: slide)) {
        let file = try TFRecordFile(path: slide.tfrecord, indexes: tiles.project.indexes)
        return { tile, pixels in
          let side = tiles.tileSize.pixels
          _ = try file.decodeImage(
            tiles.record(tile, of: slide), into: pixels, width: side, height: side, decoder: TileDecoder())
        }
      }
    }
    let found = try calibration(
      on: candidates, side: tiles.tileSize.pixels, key: key, monitor: monitor
    ) { tiles.record($0.tile, of: slides[$0.slide]) }
    try store.saveCalibration(try JSONEncoder().encode(found), key.digest)
    return try calibrated(found)
  }

  /// The same network, calibrated on tiles that are no dataset's, which is kept nowhere; another precision stays as it is.
  ///
  /// - Parameter side: of the tiles, in pixels.
  func calibrated(
    on slides: [CalibrationTiles.Slide], side: Int, monitor: any WorkMonitor
  ) throws -> NetworkRun {
    guard settings.precision == .int8 else { return self }
    return try calibrated(try calibration(on: slides, side: side, key: nil, monitor: monitor, record: \.tile))
  }

  /// The same network, calibrated as the store has it.
  ///
  /// - Parameter digest: the name under which it is kept.
  func calibrated(asKeptIn store: FeatureStore, _ digest: String) throws -> NetworkRun {
    guard let kept = Self.kept(in: store, digest) else {
      throw WorkflowFailure("The calibration of int8 that was planned with is not in the store any more.")
    }
    return try calibrated(kept)
  }

  private static func kept(in store: FeatureStore, _ digest: String) -> EightBitCalibration? {
    store.calibration(digest).flatMap { try? JSONDecoder().decode(EightBitCalibration.self, from: $0) }
  }

  private func calibrated(_ calibration: EightBitCalibration) throws(WorkflowFailure) -> NetworkRun {
    try calibration.check()
    var run = self
    run.calibration = calibration
    run.settings.calibration = calibration.ranges
    return run
  }

  /// Finds the ranges on some tiles, and compares features on others.
  private func calibration(
    on slides: [CalibrationTiles.Slide], side: Int, key: StoreKey?, monitor: any WorkMonitor,
    record: (CalibrationTiles.Place) -> Int
  ) throws -> EightBitCalibration {
    let tiles = try CalibrationTiles(of: slides, side: side, monitor: monitor)
    let monitor = PhaseMonitor(monitor: monitor, phase: "calibrating int8")
    var (single, eightBit) = (self, self)
    single.settings.precision = .f32
    let ranges: Calibration
    let (exact, rounded): (SlideInference, SlideInference)
    do {
      ranges = try InferencePipeline.calibrate(
        model.model, layers: layers.map(\.layer), standardization: model.choice.standardization,
        resizing: model.choice.resizing, tileSidePixels: side,
        tiles: tiles.job(tiles.calibrating, stain.normalizer), streams: settings.streams, monitor: monitor,
        digest: { ContentDigest.of("ranges 1\n", $0) })
      guard ranges.isFinite else {
        throw WorkflowFailure(
          "Within the network numbers become NaN or infinity on the tiles that int8 would be calibrated on.",
          remedy: "precision=f32", parameter: "precision")
      }
      eightBit.settings.calibration = ranges
      let others = tiles.job(tiles.heldOut, stain.normalizer)
      exact = try single.pipeline(tileSidePixels: side).run(others, monitor: monitor)
      rounded = try eightBit.pipeline(tileSidePixels: side).run(others, monitor: monitor)
    } catch let error as InferenceError {
      guard case .compilationFailed = error else { throw error }
      throw WorkflowFailure(error.message, remedy: "precision=f32", parameter: "precision")
    }
    func records(_ places: [CalibrationTiles.Place]) -> [String: [Int]] {
      Dictionary(grouping: places) { slides[$0.slide].name }.mapValues { $0.map(record).sorted() }
    }
    return EightBitCalibration(
      ranges: ranges,
      comparisons: layers.indices.map {
        .init(layer: layers[$0].name, exact.activations[$0], rounded.activations[$0])
      },
      calibrating: records(tiles.calibrating), heldOut: records(tiles.heldOut), key: key?.text,
      storeDigest: key?.digest)
  }
}

/// A monitor that is told of another phase than the work names.
private struct PhaseMonitor: WorkMonitor {
  let monitor: any WorkMonitor
  let phase: String

  var isInterrupted: Bool { monitor.isInterrupted }

  func report(phase: String, unit: String, done: Int, total: Int) {
    monitor.report(phase: self.phase, unit: unit, done: done, total: total)
  }
}
