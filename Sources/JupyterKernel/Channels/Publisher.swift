import Files
import JupyterWire

/// The way to iopub for every thread: posting never blocks, and order is kept.
///
/// Who makes outputs waits for room before each, so that a cell which shows pictures faster than they can be signed and
/// sent does not fill the memory.
final class Publisher: Sendable {
  struct Stream: Sendable {
    let parent: JSONFragment
    let name: StreamName
    var text: String
  }

  enum Publication: Sendable {
    case message(OutgoingMessage)
    case stream(Stream)
    case stop
  }

  /// Raised while something waits to be published.
  let arrival = WakeSignal()
  /// Raised as long as there is room for outputs.
  private let room = WakeSignal()
  private let waiting = Locked(Waiting())
  private static let streamLimit = 65_536
  /// How many bytes may wait to be published before the next output has to.
  static let byteLimit = 64 << 20

  private struct Waiting {
    var publications: [Publication] = []
    var bytes = 0
    var isStopped = false
  }

  init() { room.raise() }

  /// Blocks while too much waits to be published. To be called without a lock that another thread may want.
  func waitForRoom() { room.wait(milliseconds: -1) }

  func publish(_ message: OutgoingMessage) { post(.message(message)) }

  /// Text joins the text just before it, so that a loop of small writes becomes few messages.
  func write(_ text: String, to name: StreamName, parent: JSONFragment) {
    post(.stream(Stream(parent: parent, name: name, text: text)))
  }

  func stop() { post(.stop) }

  private func post(_ publication: Publication) {
    let isNews = waiting.withLock { waiting in
      switch publication {
      case .message(let message):
        waiting.bytes += message.content.bytes.count + message.buffers.reduce(0) { $0 + $1.count }
      case .stream(let stream): waiting.bytes += stream.text.utf8.count
      // Nobody takes anything after this, or waits for it.
      case .stop: waiting.isStopped = true
      }
      if waiting.isStopped { room.raise() } else if waiting.bytes > Self.byteLimit { room.clear() }
      let count = waiting.publications.count
      Self.join(publication, onto: &waiting.publications)
      return waiting.publications.count > count
    }
    if isNews { arrival.raise() }
  }

  /// Waits until something other than the text of one stream is there, at most `milliseconds`.
  func waitForMore(milliseconds: Int) {
    let deadline = ContinuousClock.now + .milliseconds(milliseconds)
    while true {
      arrival.clear()
      let isOnlyText = waiting.withLock { waiting in
        waiting.publications.allSatisfy { if case .stream = $0 { true } else { false } }
          && waiting.publications.count < 2
      }
      let left = deadline - ContinuousClock.now
      if !isOnlyText || left <= .zero { return }
      arrival.wait(milliseconds: Int(left / .milliseconds(1)) + 1)
    }
  }

  func takeAll() -> [Publication] {
    arrival.clear()
    return waiting.withLock { waiting in
      let taken = waiting.publications
      waiting.publications = []
      waiting.bytes = 0
      room.raise()
      return taken
    }
  }

  /// Appends `publication` to `queue`, or to the text at its end if both are text of one stream.
  static func join(_ publication: Publication, onto queue: inout [Publication]) {
    if case .stream(let next) = publication, case .stream(var last)? = queue.last, last.name == next.name,
      last.text.utf8.count < streamLimit, last.parent == next.parent
    {
      // Taken out first, so that the text grows in place.
      queue.removeLast()
      last.text += next.text
      queue.append(.stream(last))
    } else {
      queue.append(publication)
    }
  }
}
