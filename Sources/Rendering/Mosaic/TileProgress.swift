import FeatureData
import Synchronization

/// Counts tiles from all threads for the monitor.
final class TileProgress<Monitor: WorkMonitor>: Sendable {
  let monitor: Monitor
  private let total: Int
  private let done = Atomic<Int>(0)

  init(total: Int, monitor: Monitor) {
    self.total = total
    self.monitor = monitor
  }

  func advance() {
    let now = done.add(1, ordering: .relaxed).newValue
    monitor.report(phase: "mosaic", unit: "tiles", done: now, total: total)
  }
}
