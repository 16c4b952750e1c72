import CommandLanguage
import Dispatch
import Foundation
import JupyterKernel
import Synchronization

/// The terminal of a running command file: a line of progress where stderr is one, and Ctrl-C.
final class Terminal: ProgressMonitor {
  private struct Line {
    var state: ProgressState?
    var start = ContinuousClock.now
    var lastShown: ContinuousClock.Instant?
    var isOnScreen = false
  }

  private let interruptions = Atomic<Int>(0)
  private let line = Mutex(Line())
  private let isTerminal = isatty(STDERR_FILENO) == 1

  /// Ctrl-C asks the running statement to stop; a second one ends the program. It is listened to for as long as the source
  /// lives.
  func listen() -> any DispatchSourceSignal {
    signal(SIGINT, SIG_IGN)
    let source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
    source.setEventHandler {
      if self.interruptions.add(1, ordering: .relaxed).newValue > 1 { _exit(130) }
    }
    source.activate()
    return source
  }

  var isInterrupted: Bool { interruptions.load(ordering: .relaxed) > 0 }

  /// Shows the line at most ten times a second, and only for work that lasts.
  func report(phase: String, unit: String, done: Int, total: Int) {
    guard isTerminal else { return }
    let now = ContinuousClock.now
    line.withLock { line in
      if line.state == nil { line.start = now }
      if line.state?.phase != phase {
        line.state = ProgressState(phase: phase, unit: unit, done: done, total: total, start: now)
      }
      line.state?.done = done
      line.state?.total = total
      guard now - line.start >= .milliseconds(500), line.lastShown.map({ now - $0 >= .milliseconds(100) }) ?? true,
        let text = line.state?.line(at: now)
      else { return }
      line.lastShown = now
      line.isOnScreen = true
      write("\r\u{1B}[K" + text)
    }
  }

  /// Takes the line away, before other text is written and when the work has ended.
  func clearProgress() {
    line.withLock { line in
      if line.isOnScreen { write("\r\u{1B}[K") }
      line = Line()
    }
  }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
