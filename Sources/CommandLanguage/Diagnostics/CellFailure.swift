/// How a cell ended.
package enum CellOutcome: Sendable, Equatable {
  case completed
  case failed(CellFailure)
  case interrupted(CellFailure)
}

/// Why a cell did not run to its end, and what of it is kept.
package struct CellFailure: Error, Sendable, Equatable, CustomStringConvertible {
  package enum Stage: Sendable, Equatable { case check, run, interrupted }

  package let stage: Stage
  package let diagnostics: [Diagnostic]
  /// "3 errors. Nothing was run.", or "Line 3 did not run. Lines 1–2 ran and are kept; …".
  package let progress: String
  let source: SourceText

  /// The kind of failure, for the kernel's `ename`.
  package var name: String {
    switch stage {
    case .check: "CheckFailed"
    case .run: "StatementFailed"
    case .interrupted: "Interrupted"
    }
  }

  /// The first sentence, for the kernel's `evalue`.
  package var summary: String { diagnostics.first?.sentence ?? progress }

  package var description: String { summary }

  /// Everything, in several lines. Of very many errors the first twenty are shown.
  package func rendered(_ style: TextStyle) -> String {
    var parts = diagnostics.prefix(20).map { $0.rendered(in: source, style) }
    if diagnostics.count > 20 { parts.append("and \(diagnostics.count - 20) more errors") }
    parts.append(style.strong(progress))
    return parts.joined(separator: "\n\n")
  }
}

extension CellFailure {
  static func check(_ diagnostics: [Diagnostic], _ source: SourceText) -> CellFailure {
    var count = diagnostics.count == 1 ? "1 error." : "\(diagnostics.count) errors."
    if diagnostics.count >= CheckWalk.mostErrors { count = "At least " + count }
    return CellFailure(stage: .check, diagnostics: diagnostics, progress: count + " Nothing was run.", source: source)
  }

  /// A failure at one statement, with what happened to the others.
  static func run(
    _ stage: Stage, _ diagnostics: [Diagnostic], at index: Int, of statements: [StatementSyntax], _ source: SourceText
  ) -> CellFailure {
    func span(_ statements: ArraySlice<StatementSyntax>) -> (subject: String, isOne: Bool)? {
      guard let first = statements.first, let last = statements.last else { return nil }
      let lines = source.line(at: first.span.lowerBound)...source.line(at: max(last.span.upperBound - 1, 0))
      return lines.count == 1
        ? ("line \(lines.lowerBound)", true) : ("lines \(lines.lowerBound)–\(lines.upperBound)", false)
    }
    let verb = stage == .interrupted ? "was interrupted" : "did not run"
    let line = source.line(at: statements[index].span.lowerBound)
    var sentences = "Line \(line) \(verb)."
    let before = span(statements[..<index]).map { $0.subject + " ran and " + ($0.isOne ? "is" : "are") + " kept" }
    let after = span(statements[(index + 1)...]).map { $0.subject + ($0.isOne ? " was" : " were") + " not started" }
    let rest = [before, after].compactMap(\.self).joined(separator: "; ")
    if let letter = rest.first { sentences += " " + letter.uppercased() + rest.dropFirst() + "." }
    return CellFailure(stage: stage, diagnostics: diagnostics, progress: sentences, source: source)
  }
}
