/// A parsed JSON value.
///
/// Integers that fit `Int` stay integers; every other number is a `Double`.
public enum JSONValue: Sendable, Equatable {
  case null
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// The members of an object; nil for every other kind of value.
  public var members: [String: JSONValue]? {
    if case .object(let members) = self { members } else { nil }
  }

  /// The text of a string; nil for every other kind of value.
  public var text: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// A number of either kind; nil for every other kind of value.
  package var double: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }

  /// The value under `key` of an object; nil if absent or if this is no object.
  public subscript(key: String) -> JSONValue? { members?[key] }

  /// How deep arrays and objects may nest: far deeper than any message, far shallower than the stack.
  public static let maximumDepth = 256

  /// Parses one JSON text (RFC 8259), strictly, with nothing but white space around it.
  ///
  /// - Throws: `JSONFault` with the byte offset of the first thing that is wrong.
  /// - Complexity: O(n) in the number of bytes; the recursion is bounded by `maximumDepth`.
  public init(parsing bytes: [UInt8]) throws(JSONFault) {
    try self.init(parsing: bytes, takesPythonNumbers: false)
  }

  /// - Parameter takesPythonNumbers: reads `NaN`, `Infinity` and `-Infinity`, too, which Python's writer puts into JSON.
  package init(parsing bytes: [UInt8], takesPythonNumbers: Bool) throws(JSONFault) {
    self = try bytes.withUnsafeBufferPointer { buffer throws(JSONFault) in
      var parser = JSONParser(bytes: buffer, takesPythonNumbers: takesPythonNumbers)
      return try parser.document()
    }
  }
}

/// Why bytes are not JSON, and where.
public struct JSONFault: Error, Equatable, Sendable, CustomStringConvertible {
  public enum Reason: Sendable {
    case unexpectedEnd, unexpectedByte, trailingBytes, invalidUTF8, invalidEscape, invalidNumber, tooDeep
  }
  public let reason: Reason
  /// Bytes from the start.
  public let offset: Int

  package init(reason: Reason, offset: Int) {
    self.reason = reason
    self.offset = offset
  }

  public var description: String {
    let clause =
      switch reason {
      case .unexpectedEnd: "the text ends too soon"
      case .unexpectedByte: "a character that does not belong there"
      case .trailingBytes: "more text behind the end"
      case .invalidUTF8: "bytes that are not UTF-8"
      case .invalidEscape: "an escape that JSON does not have"
      case .invalidNumber: "a number that cannot be read"
      case .tooDeep: "too many brackets in each other"
      }
    return "not JSON at byte \(offset): \(clause)"
  }
}

extension JSONFragment {
  /// A parsed value as text again; the members of an object in the order of their names.
  public init(_ value: JSONValue) {
    switch value {
    case .null: self = .null
    case .bool(let value): self = .bool(value)
    case .integer(let value): self = .integer(value)
    case .number(let value): self = .number(value)
    case .string(let text): self = .string(text)
    case .array(let elements): self = .array(elements.map { JSONFragment($0) })
    case .object(let members):
      self = .object(members.sorted { $0.key < $1.key }.map { ($0.key, JSONFragment($0.value)) })
    }
  }
}
