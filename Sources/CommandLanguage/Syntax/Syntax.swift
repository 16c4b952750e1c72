/// A cell as parsed: its statements in order, whatever of them could be read.
package struct CellSyntax: Sendable, Equatable {
  package var statements: [StatementSyntax]
}

/// A name and where it stands.
package struct NameSyntax: Sendable, Equatable {
  package let text: String
  package let span: Range<Int>
}

/// `[name =] head arguments [;]`, or `head?`.
package struct StatementSyntax: Sendable, Equatable {
  /// The name that the result is bound to.
  package var target: NameSyntax?
  /// A command, or a value to show with the members asked of it; empty when none could be read.
  package var head: [NameSyntax]
  /// True for `command?`.
  package var asksForHelp: Bool
  package var arguments: [ArgumentSyntax]
  /// True if a `;` hides the output.
  package var hidesOutput: Bool
  /// From the first to the last scalar of the statement, in Unicode scalars.
  package var span: Range<Int>
  /// False if an error was found in it.
  package var isWellFormed: Bool

  package var headSpan: Range<Int> {
    guard let first = head.first, let last = head.last else { return span.lowerBound..<span.lowerBound }
    return first.span.lowerBound..<last.span.upperBound
  }
}

/// One argument: a value, or `name=value`.
package struct ArgumentSyntax: Sendable, Equatable {
  package var name: NameSyntax?
  /// Nil if it is missing after `name=`.
  package var value: ValueSyntax?
  package var span: Range<Int>
}

/// What can be given for a parameter.
package enum ValueSyntax: Sendable, Equatable {
  case scalar(ScalarSyntax)
  case list([ScalarSyntax], span: Range<Int>)
  case map([PairSyntax], span: Range<Int>)

  package var span: Range<Int> {
    switch self {
    case .scalar(let scalar): scalar.span
    case .list(_, let span), .map(_, let span): span
    }
  }

  /// Those of a list, or the one alone.
  var scalars: [ScalarSyntax] {
    switch self {
    case .scalar(let scalar): [scalar]
    case .list(let scalars, _): scalars
    case .map: []
    }
  }

  var isList: Bool { if case .list = self { true } else { false } }

  var isScalar: Bool { if case .scalar = self { true } else { false } }
}

/// A word, or quoted text already read.
package struct ScalarSyntax: Sendable, Equatable {
  package let text: String
  package let isQuoted: Bool
  package let span: Range<Int>
}

/// `key: value` in a map.
package struct PairSyntax: Sendable, Equatable {
  package let key: ScalarSyntax
  /// A scalar or a list; nil if it is missing.
  package let value: ValueSyntax?
}

// MARK: - Printing

extension CellSyntax {
  /// The cell in one way of writing it, a statement a line; parsing it gives the same cell but for spans.
  package var printed: String { statements.map(\.printed).joined(separator: "\n") }
}

extension StatementSyntax {
  package var printed: String {
    var text = target.map { $0.text + " = " } ?? ""
    text += head.map(\.text).joined(separator: ".")
    if asksForHelp { text += "?" }
    for argument in arguments { text += " " + argument.printed }
    if hidesOutput { return text + ";" }
    // A word may end in a backslash, which would continue the line if nothing followed.
    return text.unicodeScalars.last == "\\" ? text + " #" : text
  }
}

extension ArgumentSyntax {
  package var printed: String { (name.map { $0.text + "=" } ?? "") + (value?.printed ?? "") }
}

extension ValueSyntax {
  package var printed: String {
    switch self {
    case .scalar(let scalar): scalar.printed
    case .list(let items, _): "[" + Self.join(items.map(\.printed)) + "]"
    case .map(let pairs, _):
      "{" + Self.join(pairs.map { $0.key.printed + ":" + Self.blank(before: $0.value?.printed ?? "") }) + "}"
    }
  }

  private static func join(_ items: [String]) -> String {
    var text = items.first ?? ""
    for item in items.dropFirst() { text += "," + blank(before: item) }
    return text
  }

  /// A blank before a `#` would make a comment of it.
  private static func blank(before text: String) -> String { text.unicodeScalars.first == "#" ? text : " " + text }
}

extension ScalarSyntax {
  package var printed: String { isQuoted ? Self.quote(text) : text }

  /// Text as it would be written: bare if it is one word, otherwise in quotes.
  package static func spelling(of text: String) -> String {
    // Most names are plain, and there may be many of them.
    let isPlain = text.utf8.allSatisfy {
      switch $0 {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
        true
      default: false
      }
    }
    // Bare, what begins with a dash would be taken for an option of a shell.
    let isOption = text.utf8.first == UInt8(ascii: "-") && WordReading.number(text) == nil
    if isPlain, !text.isEmpty, !isOption { return text }
    if text.utf8.contains(UInt8(ascii: " ")) { return quote(text) }
    var lexer = Lexer(SourceText(text))
    let isWord = lexer.word() != nil && lexer.isAtEnd && text.first != "#" && text.last != "\\" && !isOption
    return isWord ? text : quote(text)
  }

  /// Whether a value can be called so, as far as letters go; some words are commands.
  package static func isName(_ text: String) -> Bool {
    text.unicodeScalars.first.map(ScalarClass.isNameStart) == true
      && text.unicodeScalars.allSatisfy(ScalarClass.isNameScalar)
  }

  /// Text as the key of a map would be written.
  package static func keySpelling(of text: String) -> String { text.contains(":") ? quote(text) : spelling(of: text) }

  /// Text in quotes: as a key of a map always a column, as a value never a comparison.
  package static func quote(_ text: String) -> String {
    let needsEscapes = text.utf8.contains { $0 < 0x20 || $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "\"") }
    guard needsEscapes else { return "\"\(text)\"" }
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\\\"
      case "\"": result += "\\\""
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20: result += "\\u{" + String(scalar.value, radix: 16) + "}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
