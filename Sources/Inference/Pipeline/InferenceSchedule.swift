import FeatureData
import Foundation

/// Hands out batches to worker threads in order, and gathers their rows slide by slide.
///
/// `@unchecked Sendable`: every variable below is read and written with `condition` locked.
final class InferenceSchedule: @unchecked Sendable {
  /// Some neighbouring tiles of one slide.
  struct Batch {
    let slide: Int
    let tiles: Range<Int>
    let load: SlideJob.Load
  }

  /// A slide of which some batches are out or still to come.
  private struct Slide {
    let job: SlideJob
    var rows: [[Float]]
    var isLoaded: [Bool]
    var failures: [(tile: Int, error: any Error)] = []
    var nextTile = 0
    var openBatches: Int
  }

  /// Finished slides that may wait for the caller before no further slide is begun.
  private static let waitingLimit = 4

  private let batchSize: Int
  private let widths: [Int]
  /// How many of the tensors, at the end, are outputs.
  private let outputCount: Int
  private let monitor: any WorkMonitor
  private let meter: RunMeter
  private let next: @Sendable () throws -> SlideJob?

  private let condition = NSCondition()
  private var slides: [Int: Slide] = [:]
  private var current: Int?
  private var slideCount = 0
  private var isOpening = false
  private var isExhausted = false
  private var finished: [SlideInference] = []
  private var failure: (any Error)?
  private var hasStopped = false
  private var workers = 0
  private var tilesDone = 0

  init(
    batchSize: Int, widths: [Int], outputCount: Int, monitor: any WorkMonitor, meter: RunMeter,
    next: @escaping @Sendable () throws -> SlideJob?
  ) {
    self.batchSize = batchSize
    self.widths = widths
    self.outputCount = outputCount
    self.monitor = monitor
    self.meter = meter
    self.next = next
  }

  // MARK: For the workers

  func enter() { condition.withLock { workers += 1 } }

  func leave() {
    condition.withLock {
      workers -= 1
      condition.broadcast()
    }
  }

  /// Whether work in progress is in vain.
  var isStopping: Bool { monitor.isInterrupted || condition.withLock { hasStopped } }

  func fail(_ error: any Error) {
    condition.withLock {
      if failure == nil { failure = error }
      hasStopped = true
      condition.broadcast()
    }
  }

  /// The next batch; nil when there is no more work. Waits while another thread opens a slide, or while the caller has
  /// many finished slides to take.
  func nextBatch() throws -> Batch? {
    condition.lock()
    defer { condition.unlock() }
    while !hasStopped && !monitor.isInterrupted {
      if let batch = claim() { return batch }
      if isExhausted { return nil }
      if isOpening {
        _ = condition.wait(until: Date(timeIntervalSinceNow: 0.05))
      } else if finished.count >= Self.waitingLimit {
        let start = SuspendingClock.now
        _ = condition.wait(until: Date(timeIntervalSinceNow: 0.05))
        meter.waitedForStore(SuspendingClock.now - start)
      } else {
        try open()
      }
    }
    return nil
  }

  private func claim() -> Batch? {
    guard let number = current, var slide = slides[number], slide.nextTile < slide.job.tileCount else { return nil }
    let tiles = slide.nextTile..<min(slide.nextTile + batchSize, slide.job.tileCount)
    slide.nextTile = tiles.upperBound
    slides[number] = slide
    return Batch(slide: number, tiles: tiles, load: slide.job.load)
  }

  /// Called with `condition` locked, which is let go while the slide is opened.
  private func open() throws {
    isOpening = true
    condition.unlock()
    let result = Swift.Result { try next() }
    condition.lock()
    isOpening = false
    condition.broadcast()
    guard let job = try result.get() else {
      isExhausted = true
      return
    }
    let slide = Slide(
      job: job, rows: widths.map { [Float](repeating: 0, count: job.tileCount * $0) },
      isLoaded: [Bool](repeating: false, count: job.tileCount),
      openBatches: (job.tileCount + batchSize - 1) / batchSize)
    if job.tileCount == 0 {
      finished.append(inference(of: slide))
      return
    }
    slides[slideCount] = slide
    current = slideCount
    slideCount += 1
  }

  /// Takes over the rows of a batch.
  func finish(
    _ batch: Batch, loaded: [Bool], failures: [(tile: Int, error: any Error)], outputs: [UnsafeBufferPointer<Float>]
  ) {
    condition.lock()
    defer { condition.unlock() }
    guard var slide = slides.removeValue(forKey: batch.slide) else { return }
    for (place, tile) in batch.tiles.enumerated() where loaded[place] {
      slide.isLoaded[tile] = true
      for (output, width) in widths.enumerated() {
        for column in 0..<width { slide.rows[output][tile * width + column] = outputs[output][place * width + column] }
      }
    }
    slide.failures += failures
    slide.openBatches -= 1
    tilesDone += batch.tiles.count
    if slide.openBatches == 0 {
      finished.append(inference(of: slide))
    } else {
      slides[batch.slide] = slide
    }
    condition.broadcast()
  }

  private func inference(of slide: Slide) -> SlideInference {
    let tiles = slide.isLoaded.indices.filter { slide.isLoaded[$0] }
    let matrices = zip(slide.rows, widths).map { rows, width in
      let kept = tiles.count == slide.job.tileCount ? rows : tiles.flatMap { rows[$0 * width..<($0 + 1) * width] }
      return Matrix(rowCount: tiles.count, columnCount: width, elements: kept)
    }
    return SlideInference(
      name: slide.job.name, tiles: tiles, activations: matrices.dropLast(outputCount),
      logits: outputCount == 0 ? nil : Matrix(sideBySide: matrices.suffix(outputCount)),
      failures: slide.failures.sorted { $0.tile < $1.tile })
  }

  // MARK: For the caller

  /// The next finished slide; nil after the last.
  ///
  /// - Throws: what stopped the run, once every finished slide has been taken.
  func nextFinished(reporting totalTiles: Int) throws -> SlideInference? {
    condition.lock()
    defer { condition.unlock() }
    while true {
      if monitor.isInterrupted { hasStopped = true }
      if !finished.isEmpty {
        let slide = finished.removeFirst()
        condition.broadcast()
        return slide
      }
      if hasStopped || workers == 0 {
        // What a worker was about to hand over is still worth having.
        while workers > 0 { condition.wait() }
        if !finished.isEmpty { continue }
        if let failure { throw failure }
        if monitor.isInterrupted { throw WorkInterrupted() }
        return nil
      }
      let done = tilesDone
      condition.unlock()
      monitor.report(phase: "features", unit: "tiles", done: done, total: totalTiles)
      condition.lock()
      if finished.isEmpty && !hasStopped && workers > 0 && tilesDone == done {
        _ = condition.wait(until: Date(timeIntervalSinceNow: 0.05))
      }
    }
  }

  /// Returns when no worker is left, so that nothing of the caller's is called any more.
  func waitForAll(reporting totalTiles: Int) {
    condition.lock()
    while workers > 0 { condition.wait() }
    let done = tilesDone
    condition.unlock()
    monitor.report(phase: "features", unit: "tiles", done: done, total: totalTiles)
  }
}
