import CommandLanguage

extension CellSyntax {
  /// What was read, without where it stood.
  var outline: [String] { statements.map(\.outline) }
}

extension StatementSyntax {
  fileprivate var outline: String {
    var text = "\(target?.text ?? "-") \(head.map(\.text)) \(asksForHelp) \(hidesOutput)"
    for argument in arguments { text += " \(argument.name?.text ?? "-")=\(argument.value?.outline ?? "-")" }
    return text
  }
}

extension ValueSyntax {
  fileprivate var outline: String {
    switch self {
    case .scalar(let scalar): scalar.outline
    case .list(let items, _): "[" + items.map(\.outline).joined(separator: " ") + "]"
    case .map(let pairs, _):
      "{" + pairs.map { $0.key.outline + ":" + ($0.value?.outline ?? "-") }.joined(separator: " ") + "}"
    }
  }
}

extension ScalarSyntax {
  fileprivate var outline: String { (isQuoted ? "q" : "w") + text.debugDescription }
}
