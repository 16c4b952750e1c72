/// Goes through the tags of an XML document, one after the other; the text between them is passed over.
///
/// What annotations and the descriptions of pictures need of XML 1.0: elements, attributes and references to characters.
/// Entities that a document defines itself are not expanded, and nothing is ever fetched.
package struct XMLReader {
  package enum Event: Sendable, Equatable {
    case start(Element)
    case end(name: String)
  }

  package struct Element: Sendable, Equatable {
    /// In lower case and without a prefix, as are the attributes' names: programs do not agree on capitals.
    package let name: String
    package let attributes: [String: String]
    /// From 1.
    package let line: Int

    package subscript(attribute: String) -> String? { attributes[attribute] }
  }

  private let bytes: [UInt8]
  private var position = 0
  private var line = 1
  private var open: [String] = []
  private var pendingEnd: String?
  private var hasRoot = false

  /// Elements nest no deeper.
  private static let maximumDepth = 256

  /// - Throws: `XMLFault` for bytes that are no text in UTF-8, UTF-16, or the encoding of 8 bits that the document names.
  package init(_ document: [UInt8]) throws(XMLFault) {
    if Self.isLatin(document) {
      bytes = document.flatMap { $0 < 0x80 ? [$0] : Array(String(Character(Unicode.Scalar($0))).utf8) }
    } else {
      do throws(CSVFault) { bytes = try TextEncoding.utf8(document) } catch {
        throw XMLFault(line: error.line ?? 1, reason: .encoding)
      }
    }
  }

  /// The next tag; nil at the document's end.
  ///
  /// - Throws: `XMLFault` where the document is not well-formed.
  package mutating func next() throws(XMLFault) -> Event? {
    if let name = pendingEnd {
      pendingEnd = nil
      return .end(name: name)
    }
    while true {
      while position < bytes.count, bytes[position] != UInt8(ascii: "<") {
        // White space only, outside of the root.
        if open.isEmpty, !Self.isBlank(bytes[position]) { throw fault(.text) }
        advance()
      }
      guard position < bytes.count else {
        if !open.isEmpty || !hasRoot { throw fault(.endsTooSoon) }
        return nil
      }
      if try skip("<!--", to: "-->") { continue }
      if try skip("<![CDATA[", to: "]]>") { continue }
      if try skip("<?", to: "?>") { continue }
      if starts(with: "<!") {
        try skipDeclaration()
        continue
      }
      return starts(with: "</") ? try endTag() : try startTag()
    }
  }

  private mutating func startTag() throws(XMLFault) -> Event {
    guard open.count < Self.maximumDepth else { throw fault(.tooDeep) }
    if open.isEmpty, hasRoot { throw fault(.text) }
    hasRoot = true
    let startLine = line
    advance()
    let name = try name()
    var attributes: [String: String] = [:]
    while true {
      skipBlanks()
      switch try peek() {
      case UInt8(ascii: ">"):
        advance()
        open.append(name)
        return .start(Element(name: name, attributes: attributes, line: startLine))
      case UInt8(ascii: "/"):
        advance()
        try expect(UInt8(ascii: ">"))
        pendingEnd = name
        return .start(Element(name: name, attributes: attributes, line: startLine))
      default:
        let attribute = try self.name()
        skipBlanks()
        try expect(UInt8(ascii: "="))
        skipBlanks()
        attributes[attribute] = try value()
      }
    }
  }

  private mutating func endTag() throws(XMLFault) -> Event {
    position += 2
    let name = try name()
    skipBlanks()
    guard open.last == name else { throw fault(.wrongEnd(name)) }
    try expect(UInt8(ascii: ">"))
    open.removeLast()
    return .end(name: name)
  }

  private mutating func name() throws(XMLFault) -> String {
    let start = position
    while position < bytes.count, !Self.endsName(bytes[position]) { position += 1 }
    guard position > start else { throw fault(position < bytes.count ? .tag : .endsTooSoon) }
    let whole = String(decoding: bytes[start..<position], as: UTF8.self)
    return (whole.split(separator: ":").last.map(String.init) ?? whole).lowercased()
  }

  private mutating func value() throws(XMLFault) -> String {
    let quote = try peek()
    guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { throw fault(.tag) }
    advance()
    let start = position
    while try peek() != quote { advance() }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    advance()
    return text.contains("&") ? Self.expanded(text) : text
  }

  private static let named: [String: String] = ["lt": "<", "gt": ">", "amp": "&", "quot": "\"", "apos": "'"]

  /// With its references replaced; one that means nothing here stays as it is.
  private static func expanded(_ text: String) -> String {
    text.replacing(/&(#x[0-9A-Fa-f]+|#[0-9]+|[A-Za-z]+);/) { match in
      let word = String(match.1)
      if let known = named[word] { return known }
      let code = word.hasPrefix("#x") ? UInt32(word.dropFirst(2), radix: 16) : UInt32(word.dropFirst())
      return code.flatMap(Unicode.Scalar.init).map { String(Character($0)) } ?? String(match.0)
    }
  }

  // MARK: What is passed over

  private mutating func skip(_ beginning: StaticString, to ending: StaticString) throws(XMLFault) -> Bool {
    guard starts(with: beginning) else { return false }
    position += beginning.utf8CodeUnitCount
    while !starts(with: ending) {
      guard position < bytes.count else { throw fault(.endsTooSoon) }
      advance()
    }
    position += ending.utf8CodeUnitCount
    return true
  }

  /// A document type, with the declarations that it may hold in brackets.
  private mutating func skipDeclaration() throws(XMLFault) {
    var depth = 0
    while true {
      switch try peek() {
      case UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "]"): depth -= 1
      case UInt8(ascii: ">") where depth <= 0:
        advance()
        return
      default: break
      }
      advance()
    }
  }

  private mutating func skipBlanks() {
    while position < bytes.count, Self.isBlank(bytes[position]) { advance() }
  }

  private mutating func advance() {
    if bytes[position] == 0x0A { line += 1 }
    position += 1
  }

  private mutating func expect(_ byte: UInt8) throws(XMLFault) {
    guard try peek() == byte else { throw fault(.tag) }
    advance()
  }

  private func peek() throws(XMLFault) -> UInt8 {
    guard position < bytes.count else { throw fault(.endsTooSoon) }
    return bytes[position]
  }

  private func starts(with text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard position + count <= bytes.count else { return false }
    return (0..<count).allSatisfy { bytes[position + $0] == text.utf8Start[$0] }
  }

  private func fault(_ reason: XMLFault.Reason) -> XMLFault { XMLFault(line: line, reason: reason) }

  private static func isBlank(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(byte) }

  private static func endsName(_ byte: UInt8) -> Bool {
    isBlank(byte) || "=/><\"'".utf8.contains(byte)
  }

  /// Whether the declaration at the document's beginning names an encoding whose bytes are the first 256 characters.
  private static func isLatin(_ document: [UInt8]) -> Bool {
    let head = String(decoding: document.prefix(200), as: UTF8.self).lowercased()
    guard head.hasPrefix("<?xml"), let end = head.firstRange(of: "?>") else { return false }
    return ["iso-8859-1", "windows-1252", "us-ascii", "latin1"].contains { head[..<end.lowerBound].contains($0) }
  }
}

/// Why a document is not XML, and where.
package struct XMLFault: Error, Sendable, Equatable, CustomStringConvertible {
  package enum Reason: Sendable, Equatable {
    case encoding, endsTooSoon, tag, text, tooDeep
    /// An end of another element than the one that is open.
    case wrongEnd(String)
  }

  /// From 1.
  package let line: Int
  package let reason: Reason

  package var description: String { "line \(line): \(clause)" }

  /// Without the line and a full stop.
  package var clause: String {
    switch reason {
    case .encoding: "its bytes are not text of the encoding that it names"
    case .endsTooSoon: "it ends too soon; it may be cut off"
    case .tag: "a tag is not as XML has it"
    case .text: "there is something before or behind the document's root"
    case .tooDeep: "elements lie too deep in each other"
    case .wrongEnd(let name): "the end of \(name) belongs to no beginning"
    }
  }
}
