import FeatureData
import Foundation
import Synchronization

/// Measures while tiles go through a network where the time goes.
final class RunMeter: Sendable {
  private struct Counts {
    var underWay = 0
    var lastChange = SuspendingClock.now
    /// Seconds times batches that were computed, of those that can be at once.
    var busy = 0.0
    var loading = ThreadTime()
    var waitedForStore = 0.0
    var tiles = 0
    /// Of the first batch, whose time is that of starting.
    var firstEnd: SuspendingClock.Instant?
    var firstBusy = 0.0
    var firstTiles = 0
  }

  private let computedAtOnce: Int
  private let threadCount: Int
  private let counts = Mutex(Counts())

  init(computedAtOnce: Int, threadCount: Int) {
    self.computedAtOnce = max(1, computedAtOnce)
    self.threadCount = max(1, threadCount)
  }

  private func count(_ counts: inout Counts, change: Int) {
    let now = SuspendingClock.now
    counts.busy += (now - counts.lastChange).seconds * Double(min(counts.underWay, computedAtOnce))
    counts.lastChange = now
    counts.underWay += change
  }

  func beginComputing() { counts.withLock { count(&$0, change: 1) } }

  func endComputing(tiles: Int) {
    counts.withLock {
      count(&$0, change: -1)
      $0.tiles += tiles
      guard $0.firstEnd == nil else { return }
      ($0.firstEnd, $0.firstBusy, $0.firstTiles) = ($0.lastChange, $0.busy, $0.tiles)
    }
  }

  func loaded(_ time: ThreadTime) { counts.withLock { $0.loading += time } }

  func waitedForStore(_ duration: Duration) { counts.withLock { $0.waitedForStore += duration.seconds } }

  /// nil where no batch followed the first.
  var load: InferenceLoad? {
    counts.withLock { counts -> InferenceLoad? in
      count(&counts, change: 0)
      guard let start = counts.firstEnd, counts.tiles > counts.firstTiles else { return nil }
      let seconds = (counts.lastChange - start).seconds
      guard seconds > 0 else { return nil }
      return InferenceLoad(
        tileCount: counts.tiles - counts.firstTiles, seconds: seconds,
        busyShare: min(1, (counts.busy - counts.firstBusy) / (seconds * Double(computedAtOnce))),
        loading: counts.loading, loadedTileCount: counts.tiles,
        storeShare: counts.waitedForStore / (seconds * Double(threadCount)))
    }
  }
}

/// What a thread did with its time, in seconds.
package struct ThreadTime: Sendable {
  package var wall = 0.0
  /// On a processor.
  package var processor = 0.0
  /// Ready to run, while others had the processors.
  package var queued = 0.0

  package init(wall: Double = 0, processor: Double = 0, queued: Double = 0) {
    (self.wall, self.processor, self.queued) = (wall, processor, queued)
  }

  /// Waiting for something else than a processor: a disk, or a server of files.
  package var blocked: Double { max(0, wall - processor - queued) }

  static func += (sum: inout ThreadTime, more: ThreadTime) {
    sum.wall += more.wall
    sum.processor += more.processor
    sum.queued += more.queued
  }

  static func - (end: ThreadTime, start: ThreadTime) -> ThreadTime {
    ThreadTime(
      wall: end.wall - start.wall, processor: end.processor - start.processor, queued: end.queued - start.queued)
  }

  /// Of the calling thread, from some moment on.
  static var now: ThreadTime {
    var (wall, processor) = (timespec(), timespec())
    clock_gettime(CLOCK_MONOTONIC, &wall)
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &processor)
    func seconds(_ time: timespec) -> Double { Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9 }
    return ThreadTime(wall: seconds(wall), processor: seconds(processor), queued: queuedSeconds)
  }

  /// The second number of Linux's /proc/thread-self/schedstat; 0 where the system does not count it.
  private static var queuedSeconds: Double {
    let file = open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return 0 }
    defer { close(file) }
    return withUnsafeTemporaryAllocation(byteCount: 96, alignment: 1) { buffer in
      let count = read(file, buffer.baseAddress, buffer.count)
      guard count > 0 else { return 0 }
      let words = String(decoding: buffer[..<count], as: UTF8.self).split(separator: " ")
      return words.count > 1 ? (Double(words[1]) ?? 0) * 1e-9 : 0
    }
  }
}

extension Duration {
  fileprivate var seconds: Double { self / .seconds(1) }
}
