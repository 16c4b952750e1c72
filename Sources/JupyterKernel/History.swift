import JupyterWire

/// The cells of this session.
///
/// Specification: <https://jupyter-client.readthedocs.io/en/stable/messaging.html#history>.
struct History {
  private static let session = 1
  private var entries: [HistoryEntry] = []

  mutating func remember(line: Int, input: String, output: String?) {
    entries.append(HistoryEntry(session: Self.session, line: line, input: input, output: output))
  }

  /// The entries asked for, oldest first.
  func entries(_ access: HistoryRequest.Access) -> [HistoryEntry] {
    switch access {
    case .tail(let count): return entries.suffix(count)
    case .range(let session, let start, let stop):
      guard session == 0 || session == Self.session else { return [] }
      return entries.filter { $0.line >= start && $0.line < stop ?? Int.max }
    case .search(let pattern, let count, let isUnique):
      let glob = Array(pattern.unicodeScalars)
      var found = entries.filter { Self.matches(Array($0.input.unicodeScalars), glob) }
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
