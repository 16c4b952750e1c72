import JupyterWire

/// The line that tells how far long work is: done of total, rate and time left.
///
/// It appears once the work has lasted half a second, changes at most ten times a second, and vanishes when the work
/// ends, when a result is shown or when the cell ends, so that a saved notebook holds no timings. A language that wants a
/// trace of the work to stay gives a summary.
public final class ProgressDisplay: Sendable {
  private struct Work {
    var state: ProgressState
    let start: ContinuousClock.Instant
    var lastShown: ContinuousClock.Instant?
    var hasNews = true
  }

  private let output: CellOutput
  private let attention: WakeSignal
  private let work = Locked<Work?>(nil)
  private static let delay = Duration.milliseconds(500)
  private static let interval = Duration.milliseconds(100)

  init(output: CellOutput, attention: WakeSignal) {
    self.output = output
    self.attention = attention
  }

  /// Says that `done` of `total` units of `phase` are finished; `total` 0 means that the end is not known.
  ///
  /// May be called from any thread and at any rate; a call mostly costs one lock.
  public func report(phase: String, unit: String, done: Int, total: Int) {
    let now = ContinuousClock.now
    let isFirst = work.withLock { work in
      let isFirst = work == nil
      if work == nil || work?.state.phase != phase {
        let state = ProgressState(phase: phase, unit: unit, done: done, total: total, start: now)
        if work == nil { work = Work(state: state, start: now) } else { work?.state = state }
      } else {
        work?.state.done = done
        work?.state.total = total
      }
      work?.hasNews = true
      show(&work, now)
      return isFirst
    }
    if isFirst { attention.raise() }
  }

  /// The work is finished: the line vanishes, and the next report starts anew.
  public func end() {
    work.withLock { work in
      if work?.lastShown != nil { output.hideProgress() }
      work = nil
    }
  }

  /// The work is finished: the line turns into `summary`, plain text that stays in the notebook.
  public func end(summary: String) {
    work.withLock { work in
      output.replaceProgress(by: MIMEBundle(plain: summary))
      work = nil
    }
  }

  /// The work is finished and a result is about to take the place of the line.
  func discard() { work.withLock { $0 = nil } }

  /// Whether `tick` should be called again soon.
  var isActive: Bool { work.withLock { $0 != nil } }

  /// Shows what was reported too early to be shown at the time.
  func tick() { work.withLock { show(&$0, .now) } }

  private func show(_ work: inout Work?, _ now: ContinuousClock.Instant) {
    guard let current = work, current.hasNews, now - current.start >= Self.delay else { return }
    if let lastShown = current.lastShown, now - lastShown < Self.interval { return }
    work?.lastShown = now
    work?.hasNews = false
    output.showProgress(current.state.bundle(at: now))
  }
}
