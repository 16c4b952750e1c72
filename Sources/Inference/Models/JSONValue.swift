import Foundation

/// A JSON document as it stands, so that what is wrong with one key can be said without refusing the rest.
///
/// Python's writer puts `NaN` and `Infinity` into JSON; they are read as numbers.
enum JSONValue: Decodable, Sendable, Equatable {
  case null
  case boolean(Bool)
  case number(Double)
  case text(String)
  case list([JSONValue])
  case object([String: JSONValue])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .boolean(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .list(value)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  /// For a message: short, whatever the value is.
  var summary: String {
    switch self {
    case .null: "null"
    case .boolean(let value): String(value)
    case .number(let value): Int(exactly: value).map(String.init) ?? String(value)
    case .text(let value): "“\(value.prefix(60))”"
    case .list(let items): "a list of \(items.count)"
    case .object(let members): "an object of \(members.count) keys"
    }
  }
}
