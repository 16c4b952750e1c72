/// The classes of scalars that the grammar is made of.
enum ScalarClass {
  static func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" || scalar == "\u{A0}" }
  static func isNewline(_ scalar: Unicode.Scalar) -> Bool { scalar == "\n" || scalar == "\r" }
  /// True for what turns the direction of writing or hides, such as U+202E and a blank without width; joiners do not.
  static func hides(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value > 0x7F && scalar.properties.generalCategory == .format && !scalar.properties.isJoinControl
  }

  static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
  }

  static func isQuote(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "'" || scalar == "\"" || isTypographicQuote(scalar)
  }

  static func isTypographicQuote(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "\u{2018}"..."\u{201F}", "\u{00AB}", "\u{00BB}": true
    default: false
    }
  }

  static func isWordScalar(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case ",", ";", "[", "]", "{", "}", "(", ")", "|", "`", "\u{A0}": false
    case "a"..."z", "A"..."Z", "0"..."9": true
    default:
      scalar.value > 0x20 && !(0x7F...0x9F).contains(scalar.value) && !isQuote(scalar) && !isUnseen(scalar)
    }
  }

  /// Blanks other than those of the grammar, and marks that no one sees: pasted text brings them along, and two words
  /// that look alike would differ.
  static func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0xAD: false
    case 0xAD, 0x1680, 0x180E, 0x2000...0x200B, 0x200E...0x200F, 0x2028...0x202F, 0x205F...0x2064, 0x2066...0x2069,
      0x3000, 0xFEFF:
      true
    default: false
    }
  }

  static func isNameStart(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "_": true
    default: scalar.value > 0x7F && isLetter(scalar)
    }
  }

  static func isNameScalar(_ scalar: Unicode.Scalar) -> Bool {
    if isNameStart(scalar) || ("0"..."9").contains(scalar) { return true }
    guard scalar.value > 0x7F else { return false }
    return switch scalar.properties.generalCategory {
    case .decimalNumber, .nonspacingMark, .spacingMark, .enclosingMark: true
    default: false
    }
  }

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
    default: false
    }
  }
}

/// Reads the smallest parts of the grammar, one after another, from a cell.
///
/// What a word means depends on where it stands, so the parser asks for the part that it expects.
struct Lexer {
  let source: SourceText
  var position = 0

  init(_ source: SourceText) {
    self.source = source
    // An editor's byte-order mark is no part of the first line.
    if source.scalars.first == "\u{FEFF}" { position = 1 }
  }

  var isAtEnd: Bool { position >= source.scalars.count }
  var current: Unicode.Scalar? { isAtEnd ? nil : source.scalars[position] }
  var isAtLineEnd: Bool { current.map(ScalarClass.isNewline) ?? true }

  func scalar(ahead offset: Int) -> Unicode.Scalar? {
    let index = position + offset
    return index < source.scalars.count ? source.scalars[index] : nil
  }

  /// The end of a `\`, blanks and newline that stand at the position; nil if they do not.
  func continuationEnd(at start: Int) -> Int? {
    let scalars = source.scalars
    guard start < scalars.count, scalars[start] == "\\" else { return nil }
    var index = start + 1
    while index < scalars.count, ScalarClass.isBlank(scalars[index]) { index += 1 }
    // A `\` at the very end of the cell continues to nothing.
    guard index < scalars.count else { return index }
    guard ScalarClass.isNewline(scalars[index]) else { return nil }
    return scalars[index] == "\r" && index + 1 < scalars.count && scalars[index + 1] == "\n" ? index + 2 : index + 1
  }

  /// True if a `#` here begins a comment: at line start, or after a blank or `;`.
  var isAtComment: Bool {
    guard current == "#" else { return false }
    guard position > 0 else { return true }
    let before = source.scalars[position - 1]
    return ScalarClass.isBlank(before) || ScalarClass.isNewline(before) || before == ";" || before == "\u{FEFF}"
  }

  mutating func skipNewline() {
    guard let scalar = current, ScalarClass.isNewline(scalar) else { return }
    position += scalar == "\r" && self.scalar(ahead: 1) == "\n" ? 2 : 1
  }

  mutating func skipToLineEnd() {
    while !isAtLineEnd { position += 1 }
  }

  /// `ws`: blanks, continuations and comments. Returns true if there was a gap (a blank or a continuation).
  @discardableResult
  mutating func skipBlanks() -> Bool {
    let start = position
    while let scalar = current {
      if ScalarClass.isBlank(scalar) {
        position += 1
      } else if let end = continuationEnd(at: position) {
        position = end
      } else if isAtComment {
        skipToLineEnd()
      } else {
        break
      }
    }
    return position > start
  }

  /// `name`; nil without moving if none stands here.
  mutating func name() -> Range<Int>? {
    guard let first = current, ScalarClass.isNameStart(first) else { return nil }
    let start = position
    while let scalar = current, ScalarClass.isNameScalar(scalar) { position += 1 }
    return start..<position
  }

  func isWordScalar(at index: Int) -> Bool {
    guard index < source.scalars.count else { return false }
    let scalar = source.scalars[index]
    guard ScalarClass.isWordScalar(scalar) else { return false }
    return scalar != "\\" || continuationEnd(at: index) == nil
  }

  /// `word`, up to a colon if one ends it; nil without moving if none stands here.
  mutating func word(endingAtColon: Bool = false) -> Range<Int>? {
    guard let first = current, first != "=", first != "$" else { return nil }
    let start = position
    while isWordScalar(at: position), !(endingAtColon && current == ":") { position += 1 }
    return position > start ? start..<position : nil
  }

  /// Text in straight quotes, read; the position is after the closing quote, or after what could be read.
  mutating func quoted() -> (text: String, problem: LexicalProblem?)? {
    guard let quote = current, quote == "'" || quote == "\"" else { return nil }
    let start = position
    position += 1
    var text = String.UnicodeScalarView()
    var problem: LexicalProblem?
    while let scalar = current, !ScalarClass.isNewline(scalar) {
      if scalar == quote {
        position += 1
        return (String(text), problem)
      }
      if scalar == "\\", quote == "\"" {
        let escapeStart = position
        if let escaped = escape() {
          text.append(escaped)
        } else {
          problem = problem ?? .unknownEscape(escapeStart..<position)
        }
      } else {
        text.append(scalar)
        position += 1
      }
    }
    return (String(text), .unclosedQuote(start..<position))
  }

  /// The scalar that an escape stands for, moving past it; nil for one that does not exist.
  private mutating func escape() -> Unicode.Scalar? {
    position += 1
    guard let kind = current, !ScalarClass.isNewline(kind) else { return nil }
    position += 1
    switch kind {
    case "\\": return "\\"
    case "\"": return "\""
    case "n": return "\n"
    case "t": return "\t"
    case "u":
      guard current == "{" else { return nil }
      position += 1
      var value: UInt32 = 0
      var digits = 0
      while let digit = hexDigit(current) {
        value = min(value * 16 + digit, 0x11_0000)
        digits += 1
        position += 1
      }
      guard current == "}", digits > 0 else { return nil }
      position += 1
      return Unicode.Scalar(value)
    default: return nil
    }
  }

  private func hexDigit(_ scalar: Unicode.Scalar?) -> UInt32? {
    switch scalar?.value {
    case .some(let value) where (0x30...0x39).contains(value): value - 0x30
    case .some(let value) where (0x41...0x46).contains(value): value - 0x41 + 10
    case .some(let value) where (0x61...0x66).contains(value): value - 0x61 + 10
    default: nil
    }
  }
}

/// What can be wrong inside quoted text.
enum LexicalProblem {
  case unclosedQuote(Range<Int>)
  case unknownEscape(Range<Int>)

  var isUnclosed: Bool { if case .unclosedQuote = self { true } else { false } }
}
