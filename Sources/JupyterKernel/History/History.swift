import Files
import JupyterWire

/// The cells of this session, and of earlier ones where a file keeps them.
///
/// Specification: <https://jupyter-client.readthedocs.io/en/stable/messaging.html#history>.
final class History: Sendable {
  private struct State {
    /// The number of this session; 0 before its first cell is appended.
    var session = 0
    /// This session's cells.
    var entries: [HistoryEntry] = []
    var entryBytes = 0
    /// The cells of other sessions, as far as the file was read.
    var others = HistoryFile.Reading()
    /// Nil if there is none, or if it could not be used.
    var file: HistoryFile?
  }

  private let state: Locked<State>
  private let log: @Sendable (String) -> Void
  /// The oldest cells of a session that goes on for very long are forgotten.
  private static let capacity = 10_000
  private static let byteCapacity = 8 << 20

  init(file: HistoryFile? = nil, log: @escaping @Sendable (String) -> Void = { _ in }) {
    state = Locked(State(file: file))
    self.log = log
  }

  func append(line: Int, input: String, output: String?) {
    guard input.utf8.count <= HistoryFile.textLimit else { return }
    let output = output.flatMap { $0.utf8.count <= HistoryFile.textLimit ? $0 : nil }
    state.withLock { state in
      openSession(&state)
      let entry = HistoryEntry(session: state.session, line: line, input: input, output: output)
      state.entries.append(entry)
      state.entryBytes += entry.byteCount
      while state.entries.count > Self.capacity || state.entryBytes > Self.byteCapacity {
        let oldest = state.entries.prefix(max(1, state.entries.count / 10))
        state.entryBytes -= oldest.reduce(0) { $0 + $1.byteCount }
        state.entries.removeFirst(oldest.count)
      }
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
      log("history is not kept in '\(file.path)': \(error.description)")
      state.file = nil
    }
  }

  /// The entries asked for, oldest first.
  func entries(_ access: HistoryRequest.Access) -> [HistoryEntry] {
    let (session, own, others) = state.withLock { state in
      openSession(&state)
      if let file = state.file { state.others = file.update(state.others, without: state.session) }
      return (state.session, state.entries, state.others.entries)
    }
    let split = others.firstIndex { $0.session > session } ?? others.endIndex
    let parts = [others[..<split], own[...], others[split...]]
    switch access {
    case .tail(let count):
      return parts.reversed().reduce([]) { later, part in part.suffix(count - later.count) + later }
    case .range(let wanted, let start, let stop):
      let number = wanted > 0 ? wanted : session + wanted
      return (number == session ? own : others.filter { $0.session == number })
        .filter { $0.line >= start && $0.line < stop ?? Int.max }
    case .search(let pattern, let count, let isUnique):
      let glob = Glob(pattern)
      var seen: Set<String> = []
      var found: [HistoryEntry] = []
      // From the newest, so that a search for the latest few ends early.
      for entry in parts.joined().reversed() {
        if found.count >= count ?? Int.max { break }
        if glob.matches(entry.input), !isUnique || seen.insert(entry.input).inserted { found.append(entry) }
      }
      return found.reversed()
    }
  }
}

extension HistoryEntry {
  fileprivate var byteCount: Int { input.utf8.count + (output?.utf8.count ?? 0) }
}
