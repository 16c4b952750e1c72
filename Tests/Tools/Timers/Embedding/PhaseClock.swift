import FeatureData
import Foundation
import Synchronization

/// Notes when each phase began, and how much anonymous memory the process had at the reports; can interrupt the work.
final class PhaseClock: WorkMonitor {
  private struct State {
    var began: [(phase: String, at: ContinuousClock.Instant)] = []
    var peak = 0.0
    var lastLook = ContinuousClock.now
    var longestGaps: [String: Double] = [:]
  }

  private let state = Mutex(State())

  /// When the work is to stop; nil lets it end.
  let end: ContinuousClock.Instant?

  /// - Parameter seconds: After how many of them from now the work is interrupted.
  init(interruptingAfter seconds: Double? = nil) { end = seconds.map { .now + .seconds($0) } }

  var isInterrupted: Bool {
    let now = ContinuousClock.now
    state.withLock { state in
      let phase = state.began.last?.phase ?? "before"
      state.longestGaps[phase] = max(state.longestGaps[phase] ?? 0, (now - state.lastLook) / .seconds(1))
      state.lastLook = now
    }
    return end.map { now >= $0 } ?? false
  }

  /// By phase the longest time in which no thread asked whether to stop, in seconds.
  func longestGaps() -> [String: Double] { state.withLock { $0.longestGaps } }

  /// The phase that was reported last.
  var phase: String { state.withLock { $0.began.last?.phase } ?? "before the first" }

  func report(phase: String, unit: String, done: Int, total: Int) {
    let memory = Self.anonymousMemory()
    state.withLock { state in
      if state.began.last?.phase != phase { state.began.append((phase, .now)) }
      state.peak = max(state.peak, memory)
    }
  }

  /// Wall seconds by phase; the time before the first report is none's.
  func seconds() -> [String: Double] {
    let now = ContinuousClock.now
    return state.withLock { state in
      var result: [String: Double] = [:]
      for (index, entry) in state.began.enumerated() {
        let end = index + 1 < state.began.count ? state.began[index + 1].at : now
        result[entry.phase, default: 0] += (end - entry.at) / .seconds(1)
      }
      return result
    }
  }

  func peakAnonymousMemory() -> Double { state.withLock { $0.peak } }

  /// RssAnon of this process, in megabytes.
  private static func anonymousMemory() -> Double {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("RssAnon") })
    else { return 0 }
    return line.split(separator: " ").dropFirst().first.flatMap { Double($0) }.map { $0 / 1024 } ?? 0
  }
}
