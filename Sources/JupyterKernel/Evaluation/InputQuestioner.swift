import Files
import JupyterWire

/// Why the user did not answer a question.
public enum InputFault: Error, Equatable, Sendable, CustomStringConvertible {
  /// The front end said with the cell that it answers none (`allow_stdin`).
  case notAllowed
  /// The cell was interrupted while it waited.
  case interrupted
  /// The front end has no stdin channel.
  case unreachable

  public var description: String {
    switch self {
    case .notAllowed: "the front end answers no questions"
    case .interrupted: "interrupted"
    case .unreachable: "the front end has no channel for questions"
    }
  }
}

/// Where the answer to the one question that can be open is handed over.
final class InputDesk: Sendable {
  enum Answer: Sendable { case text(String), unreachable }

  private struct State {
    var isOpen = false
    var answer: Answer?
  }

  private let state = Locked(State())
  private let signal: WakeSignal

  /// - Parameter signal: raised when the answer is there.
  init(signal: WakeSignal) { self.signal = signal }

  /// An answer to an earlier question is forgotten.
  func openQuestion() { state.withLock { $0 = State(isOpen: true) } }

  func closeQuestion() { state.withLock { $0 = State() } }

  var answer: Answer? { state.withLock { $0.answer } }

  /// - Returns: false if nothing was asked.
  func deliver(_ answer: Answer) -> Bool {
    let isWanted = state.withLock { state in
      if state.isOpen, state.answer == nil { state.answer = answer } else { return false }
      return true
    }
    if isWanted { signal.raise() }
    return isWanted
  }
}

/// Asks the front end that sent a cell.
///
/// Specification: <https://jupyter-client.readthedocs.io/en/stable/messaging.html#messages-on-the-stdin-router-dealer-channel>.
struct InputQuestioner: Sendable {
  let desk: InputDesk
  let shell: Mailbox<ShellChannel.Order>
  let identities: [[UInt8]]
  let parent: JSONFragment

  /// Blocks until the answer is there; `wait` blocks for a while and says whether the cell was interrupted.
  func ask(_ prompt: String, isPassword: Bool, wait: () -> Bool) throws(InputFault) -> String {
    desk.openQuestion()
    defer { desk.closeQuestion() }
    shell.post(
      .ask(InputMessages.request(prompt: prompt, isPassword: isPassword, identities: identities, parent: parent)))
    while true {
      switch desk.answer {
      case .text(let text): return text
      case .unreachable: throw .unreachable
      case nil: if wait() { throw .interrupted }
      }
    }
  }
}
