import Files

extension JSONValue {
  /// For a message: short, whatever the value is.
  var summary: String {
    switch self {
    case .null: "null"
    case .bool(let value): String(value)
    case .integer(let value): String(value)
    case .number(let value): Int(exactly: value).map(String.init) ?? String(value)
    case .string(let value): "“\(value.prefix(60))”"
    case .array(let items): "a list of \(items.count)"
    case .object(let members): "an object of \(members.count) keys"
    }
  }
}
