import Glibc
import JupyterWire

/// What the pages of live views have sent and what waits with it for the thread of the views.
///
/// It is bounded: a page that sends more than is ever answered loses what it sends. And it is emptied at a pace, for every
/// message costs two or three on iopub, which the outputs of cells have to share.
final class WidgetQueue: Sendable {
  enum Item: Sendable {
    case message(ReceivedMessage, weight: Int)
    case work(@Sendable () -> Void)
  }

  private struct State {
    var items: [Item] = []
    var head = 0
    var messages = 0
    var bytes = 0
    var isDropping = false
    var isStopped = false
    /// How many messages may be taken at once.
    var allowance = Double(WidgetQueue.burst)
    var lastTaken = ContinuousClock.now
  }

  static let messageLimit = 1000
  static let byteLimit = 32 << 20
  /// Messages at once after a rest, and messages a second.
  private static let burst = 500
  private static let pace = 500.0

  private let state = Locked(State())
  private let arrival = WakeSignal()
  private let log: @Sendable (String) -> Void

  init(log: @escaping @Sendable (String) -> Void) { self.log = log }

  /// Drops the message if too much waits already.
  ///
  /// - Parameter byteCount: of all its frames.
  func post(_ message: ReceivedMessage, byteCount: Int) {
    // JSON takes several times its text once it is parsed.
    let binary = message.buffers.reduce(0) { $0 + $1.count }
    let weight = binary + (byteCount - binary) * 8
    let (wakes, starts) = state.withLock { state in
      if state.messages >= Self.messageLimit || state.bytes + weight > Self.byteLimit {
        defer { state.isDropping = true }
        return (false, !state.isDropping)
      }
      state.items.append(.message(message, weight: weight))
      state.messages += 1
      state.bytes += weight
      return (state.items.count - state.head == 1, false)
    }
    if starts { log("messages of views are dropped: more of them come than can be answered") }
    if wakes { arrival.raise() }
  }

  /// Has the thread of the views do `work` after all that waits.
  func post(_ work: @escaping @Sendable () -> Void) {
    state.withLock { $0.items.append(.work(work)) }
    arrival.raise()
  }

  func stop() {
    state.withLock { $0.isStopped = true }
    arrival.raise()
  }

  /// Blocks until there is something; nil is the stop.
  func next() -> Item? {
    while true {
      arrival.clear()
      var pause = -1
      let (item, isStopped) = state.withLock { state in (Self.take(&state, &pause), state.isStopped) }
      if isStopped { return nil }
      if let item { return item }
      arrival.wait(milliseconds: pause)
    }
  }

  private static func take(_ state: inout State, _ pause: inout Int) -> Item? {
    guard state.head < state.items.count else { return nil }
    let item = state.items[state.head]
    if case .message(_, let weight) = item {
      let now = ContinuousClock.now
      state.allowance = min(Double(burst), state.allowance + (now - state.lastTaken) / .seconds(1) * pace)
      state.lastTaken = now
      guard state.allowance >= 1 else {
        pause = 1
        return nil
      }
      state.allowance -= 1
      state.messages -= 1
      state.bytes -= weight
    }
    state.head += 1
    if state.head == state.items.count {
      state.items = []
      state.head = 0
      state.isDropping = false
    } else if state.head > 256 {
      state.items.removeFirst(state.head)
      state.head = 0
    }
    return item
  }
}
