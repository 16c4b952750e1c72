package import CommandLanguage
import SmallLanguage

/// What holds for every cell, whatever is in it.
package struct CellProperties: Sendable {
  let session: CommandInterpreter

  package init(session: CommandInterpreter = CellProperties.richSession()) { self.session = session }

  /// A session that holds a value of each type, and two of some.
  package static func richSession() -> CommandInterpreter {
    SmallLanguage.session([
      ("l", SmallLanguage.labels), ("n", SmallLanguage.model), ("df2", SmallLanguage.features),
      ("u", SmallLanguage.map),
      ("m", SmallLanguage.mosaic), ("é", SmallLanguage.table),
    ])
  }

  /// The names of commands and parameters.
  package static var words: [String] {
    let valid = ValidCells()
    return valid.commandNames + valid.parameterNames.map { $0 + "=" }
  }

  /// Everything that does not hold for a cell; empty if all is well.
  ///
  /// - Parameter isThorough: also check what costs another pass over the cell.
  package func faults(of cell: String, isValid: Bool, isThorough: Bool) -> [String] {
    let checked = session.check(cell)
    var faults = diagnosticFaults(checked)
    if isValid, let first = checked.diagnostics.first { faults.append("A valid cell is refused: \(first.sentence)") }
    faults += structureFaults(checked)
    if checked.syntax.statements.allSatisfy(\.isWellFormed) { faults += printingFaults(checked) }
    guard isThorough else { return faults }
    if session.check(cell).diagnostics != checked.diagnostics { faults.append("A second check says something else.") }
    let parsed = Parser.parse(cell, commandNames: session.registry.commandNames)
    switch session.isComplete(cell) {
    case .complete where !parsed.errors.isEmpty: faults.append("A cell with errors counts as complete.")
    case .invalid where parsed.errors.isEmpty: faults.append("A cell without errors counts as invalid.")
    default: break
    }
    let scalars = cell.unicodeScalars
    if !scalars.contains("\r"), scalars.contains("\n") {
      var windows = String.UnicodeScalarView()
      for scalar in scalars { windows.append(contentsOf: scalar == "\n" ? ["\r", "\n"] : [scalar]) }
      let other = Parser.parse(String(windows), commandNames: session.registry.commandNames)
      if other.syntax.outline != parsed.syntax.outline || other.errors.count != parsed.errors.count {
        faults.append("With Windows line ends it reads otherwise.")
      }
    }
    return faults
  }

  // MARK: Diagnostics

  private func diagnosticFaults(_ checked: CheckedCell) -> [String] {
    var faults: [String] = []
    let scalars = checked.source.scalars
    var earlier: Diagnostic?
    for diagnostic in checked.diagnostics.prefix(30) {
      let span = diagnostic.span
      guard span.lowerBound >= 0, span.upperBound <= scalars.count else {
        faults.append("The span \(span) lies outside of the text: \(diagnostic.sentence)")
        continue
      }
      if let earlier {
        if earlier.span.lowerBound > span.lowerBound { faults.append("Diagnostics are out of order.") }
        if earlier == diagnostic { faults.append("Said twice: \(diagnostic.sentence)") }
      }
      earlier = diagnostic
      if diagnostic.line != Self.line(of: span.lowerBound, in: scalars) {
        faults.append("The line \(diagnostic.line) is wrong: \(diagnostic.sentence)")
      }
      let said = diagnostic.rendered(in: checked.source, .plain)
      if diagnostic.sentence.isEmpty || !said.contains("^") { faults.append("Nothing is said: \(said)") }
      if said.unicodeScalars.contains(where: { $0 != "\n" && Self.isControl($0) }) {
        faults.append("A control character is passed on: \(said.debugDescription)")
      }
      if said.unicodeScalars.count > 2_000 { faults.append("An answer is very long.") }
      if diagnostic.sentence.unicodeScalars.contains(where: Self.isNewline) {
        faults.append("A sentence has several lines: \(diagnostic.sentence)")
      }
    }
    return faults
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
  }

  private static func isNewline(_ scalar: Unicode.Scalar) -> Bool { scalar == "\n" || scalar == "\r" }

  private static func line(of position: Int, in scalars: [Unicode.Scalar]) -> Int {
    var line = 1
    for index in 0..<min(position, scalars.count) {
      if scalars[index] == "\n" || scalars[index] == "\r" && (index + 1 == scalars.count || scalars[index + 1] != "\n")
      {
        line += 1
      }
    }
    return line
  }

  // MARK: Structure

  /// Every scalar belongs to a part, to a comment or to what separates parts; a statement that does not has an error.
  private func structureFaults(_ checked: CheckedCell) -> [String] {
    let scalars = checked.source.scalars
    var faults: [String] = []
    var end = 0
    let statements = checked.syntax.statements
    for (index, statement) in statements.enumerated() {
      let span = statement.span
      guard end <= span.lowerBound, span.upperBound <= scalars.count else {
        return faults + ["The statement at \(span) overlaps another or the end."]
      }
      faults += Self.passedOver(scalars, end..<span.lowerBound, between: "statements")
      end = span.upperBound
      guard statement.isWellFormed else {
        // What cannot be read is passed over, up to the next statement at most.
        end = index + 1 < statements.count ? statements[index + 1].span.lowerBound : scalars.count
        let isExplained = checked.diagnostics.contains {
          $0.span.lowerBound <= end && $0.span.upperBound >= span.lowerBound
        }
        if !isExplained { faults.append("The statement at \(span) is not well formed, and nothing says so.") }
        continue
      }
      var partEnd = span.lowerBound
      for part in Self.parts(of: statement) {
        guard partEnd <= part.lowerBound, part.upperBound <= end else {
          faults.append("The part at \(part) is out of place.")
          break
        }
        faults += Self.passedOver(scalars, partEnd..<part.lowerBound, between: "parts", besides: "=.?;")
        partEnd = part.upperBound
      }
      faults += Self.passedOver(scalars, min(partEnd, end)..<end, between: "parts", besides: "=.?;")
    }
    return faults + Self.passedOver(scalars, end..<scalars.count, between: "statements")
  }

  private static func parts(of statement: StatementSyntax) -> [Range<Int>] {
    var parts = (statement.target.map { [$0.span] } ?? []) + statement.head.map(\.span)
    for argument in statement.arguments {
      if let name = argument.name { parts.append(name.span) }
      if let value = argument.value { parts.append(value.span) }
    }
    return parts
  }

  /// What stands in a stretch and should not: anything but blanks, line ends, continuations and comments.
  private static func passedOver(
    _ scalars: [Unicode.Scalar], _ span: Range<Int>, between what: String, besides allowed: String = ""
  ) -> [String] {
    var index = span.lowerBound
    while index < span.upperBound {
      let scalar = scalars[index]
      if scalar == "#", index == 0 || " \t\u{A0}\n\r;\u{FEFF}".unicodeScalars.contains(scalars[index - 1]) {
        while index < span.upperBound, !isNewline(scalars[index]) { index += 1 }
      } else if " \t\u{A0}\n\r\\".unicodeScalars.contains(scalar) || allowed.unicodeScalars.contains(scalar)
        || index == 0 && scalar == "\u{FEFF}"
      {
        index += 1
      } else {
        return ["Passed over between \(what), at \(index): \(String(scalar).debugDescription)"]
      }
    }
    return []
  }

  // MARK: Printing

  /// A cell printed and parsed again is the same but for spans.
  private func printingFaults(_ checked: CheckedCell) -> [String] {
    let printed = checked.syntax.printed
    let again = Parser.parse(printed, commandNames: session.registry.commandNames)
    if let error = again.errors.first {
      return ["Printed as \(printed.debugDescription) it does not parse: \(error.diagnostic.sentence)"]
    }
    return again.syntax.outline == checked.syntax.outline
      ? [] : ["Printed as \(printed.debugDescription) it reads otherwise."]
  }

  // MARK: Completion and inspection

  /// Everything that does not hold for help at a cursor; empty if all is well.
  package func faults(of cell: String, at cursor: Int) -> [String] {
    var faults: [String] = []
    let scalars = cell.unicodeScalars
    let completion = session.complete(cell, at: cursor)
    let replaced = completion.span
    if replaced.lowerBound < 0 || !(replaced.lowerBound...replaced.upperBound).contains(cursor)
      || replaced.upperBound > scalars.count
    {
      faults.append("Completion at \(cursor) replaces \(replaced).")
    }
    var seen: Set<String> = []
    for candidate in completion.candidates {
      if candidate.text.isEmpty || candidate.text.unicodeScalars.contains(where: Self.isNewline) {
        faults.append("Completion at \(cursor) offers \(candidate.text.debugDescription).")
      }
      if !seen.insert(candidate.text).inserted {
        faults.append("Completion at \(cursor) offers \(candidate.text) twice.")
      }
    }
    if let inspection = session.inspect(cell, at: cursor) {
      let span = inspection.span
      if span.lowerBound < 0 || span.upperBound > scalars.count {
        faults.append("Inspection at \(cursor) is of \(span).")
      }
      if inspection.text.isEmpty || inspection.markdown.isEmpty {
        faults.append("Inspection at \(cursor) says nothing.")
      }
    }
    return faults
  }
}
