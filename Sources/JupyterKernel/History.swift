import JupyterWire

/// The cells of this session, and of earlier ones where a file keeps them.
///
/// Specification: <https://jupyter-client.readthedocs.io/en/stable/messaging.html#history>.
final class History: Sendable {
  private struct State {
    /// The number of this session; 0 before its first cell is remembered.
    var session = 0
    /// This session's cells.
    var entries: [HistoryEntry] = []
    /// Nil if there is none, or if it could not be used.
    var file: HistoryFile?
  }

  private let state: Locked<State>
  private let log: @Sendable (String) -> Void
  /// The oldest cells of a session that goes on for very long are forgotten.
  private static let capacity = 10_000

  init(file: HistoryFile? = nil, log: @escaping @Sendable (String) -> Void = { _ in }) {
    state = Locked(State(file: file))
    self.log = log
  }

  func remember(line: Int, input: String, output: String?) {
    guard input.utf8.count <= HistoryFile.textLimit else { return }
    let output = output.flatMap { $0.utf8.count <= HistoryFile.textLimit ? $0 : nil }
    state.withLock { state in
      openSession(&state)
      let entry = HistoryEntry(session: state.session, line: line, input: input, output: output)
      if state.entries.count >= Self.capacity { state.entries.removeFirst(Self.capacity / 10) }
      state.entries.append(entry)
      use(&state) { file throws(FileFault) in try file.append(entry) }
    }
  }

  private func openSession(_ state: inout State) {
    if state.session > 0 { return }
    var session = 1
    use(&state) { file throws(FileFault) in session = try file.openSession() }
    state.session = session
  }

  /// A file that fails once is left alone from then on: the session goes on without it.
  private func use(_ state: inout State, _ body: (HistoryFile) throws(FileFault) -> Void) {
    guard let file = state.file else { return }
    do throws(FileFault) {
      try body(file)
    } catch {
      log("history is not kept in '\(file.path)': \(error.reason)")
      state.file = nil
    }
  }

  /// The entries asked for, oldest first.
  func entries(_ access: HistoryRequest.Access) -> [HistoryEntry] {
    let (session, own, file) = state.withLock { state in
      openSession(&state)
      return (state.session, state.entries, state.file)
    }
    func all() -> [HistoryEntry] {
      let others = (file?.entries() ?? []).filter { $0.session != session }
      return (others + own).enumerated().sorted { ($0.element.session, $0.offset) < ($1.element.session, $1.offset) }
        .map(\.element)
    }
    switch access {
    case .tail(let count): return all().suffix(count)
    case .range(let wanted, let start, let stop):
      let number = wanted > 0 ? wanted : session + wanted
      let entries = number == session ? own : all().filter { $0.session == number }
      return entries.filter { $0.line >= start && $0.line < stop ?? Int.max }
    case .search(let pattern, let count, let isUnique):
      let glob = Array(pattern.unicodeScalars)
      var found = all().filter { Self.matches(Array($0.input.unicodeScalars), glob) }
      if isUnique {
        var seen: Set<String> = []
        found = found.reversed().filter { seen.insert($0.input).inserted }.reversed()
      }
      return found.suffix(count ?? Int.max)
    }
  }

  /// Whether the whole of `text` fits `glob`, in which `*` stands for any text and `?` for one scalar.
  ///
  /// - Complexity: O(text × glob); only the last star is ever tried again.
  static func matches(_ text: [Unicode.Scalar], _ glob: [Unicode.Scalar]) -> Bool {
    var textIndex = 0
    var globIndex = 0
    var retry: (text: Int, glob: Int)?
    while textIndex < text.count {
      if globIndex < glob.count, glob[globIndex] == "*" {
        retry = (textIndex, globIndex + 1)
        globIndex += 1
      } else if globIndex < glob.count, glob[globIndex] == "?" || glob[globIndex] == text[textIndex] {
        textIndex += 1
        globIndex += 1
      } else if let last = retry {
        retry = (last.text + 1, last.glob)
        textIndex = last.text + 1
        globIndex = last.glob
      } else {
        return false
      }
    }
    return glob[globIndex...].allSatisfy { $0 == "*" }
  }
}
