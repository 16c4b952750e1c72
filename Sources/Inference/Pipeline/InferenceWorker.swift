import Synchronization

/// What one worker thread does: fill a batch, compute it, hand over its rows, until there are no more.
struct InferenceWorker {
  let network: any CompiledNetwork
  let compilation: NetworkCompilation
  let schedule: InferenceSchedule
  let meter: RunMeter

  func run() {
    do {
      let request = try network.makeRequest()
      while let batch = try schedule.nextBatch() {
        let start = ThreadTime.now
        let loaded = fill(request.input, with: batch)
        meter.loaded(ThreadTime.now - start)
        if schedule.isStopping { return }
        if loaded.count > 0 {
          meter.beginComputing()
          defer { meter.endComputing(tiles: batch.tiles.count) }
          guard try request.run(count: batch.tiles.count, isStopping: { schedule.isStopping }) else { return }
        }
        let outputs = try network.widths.indices.map { try request.output($0) }
        schedule.finish(batch, loaded: loaded.places, failures: loaded.failures, outputs: outputs)
      }
    } catch {
      schedule.fail(error)
    }
  }

  private struct Loaded {
    /// For each place of the batch whether a tile stands there.
    var places: [Bool] = []
    var failures: [(tile: Int, error: any Error)] = []
    var count: Int { places.count { $0 } }
  }

  private func fill(_ input: UnsafeMutableBufferPointer<UInt8>, with batch: InferenceSchedule.Batch) -> Loaded {
    let size = compilation.tileByteCount
    var loaded = Loaded()
    for place in 0..<compilation.batch {
      let pixels = UnsafeMutableBufferPointer(rebasing: input[place * size..<(place + 1) * size])
      guard place < batch.tiles.count, !schedule.isStopping else {
        pixels.update(repeating: 0)
        loaded.places.append(false)
        continue
      }
      let tile = batch.tiles.lowerBound + place
      do {
        try batch.load(tile, pixels)
        loaded.places.append(true)
      } catch {
        // The place stays, so that the tiles after it keep theirs.
        pixels.update(repeating: 0)
        loaded.places.append(false)
        loaded.failures.append((tile, error))
      }
    }
    return loaded
  }
}

/// A source of slides that gives one slide once.
final class OneJob: Sendable {
  private let job: Mutex<SlideJob?>

  init(_ job: SlideJob) { self.job = Mutex(job) }

  func take() -> SlideJob? {
    job.withLock { job in
      defer { job = nil }
      return job
    }
  }
}
