/// What long work talks to: it reports how far it is and learns whether it should stop.
///
/// Both calls are cheap and may come from any thread.
package protocol WorkMonitor: Sendable {
  /// True once the user has interrupted; the work should then throw `WorkInterrupted` soon.
  var isInterrupted: Bool { get }

  /// Says that `done` of `total` units of `phase` are finished; `total` 0 means that the end is not known.
  func report(phase: String, unit: String, done: Int, total: Int)
}

extension WorkMonitor {
  /// - Throws: `WorkInterrupted` if the user has interrupted.
  package func checkInterrupted() throws(WorkInterrupted) {
    if isInterrupted { throw WorkInterrupted() }
  }
}

/// The user stopped the work.
package struct WorkInterrupted: Error, Equatable, CustomStringConvertible {
  package init() {}

  package var description: String { "It was interrupted." }
}

/// A monitor that nobody watches.
package struct SilentMonitor: WorkMonitor {
  package init() {}
  package var isInterrupted: Bool { false }
  package func report(phase: String, unit: String, done: Int, total: Int) {}
}
