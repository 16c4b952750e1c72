public import Files

/// The content of a request, read field by field with its types checked.
public struct RequestContent: Sendable, Equatable {
  public let members: [String: JSONValue]

  public init(members: [String: JSONValue]) { self.members = members }

  /// - Throws: `WireError.missingField` or `.wrongFieldType`, as the other readers do.
  public func text(_ name: String) throws(WireError) -> String {
    guard let value = members[name] else { throw .missingField(name: name) }
    guard let text = value.text else { throw .wrongFieldType(name: name, expected: "text") }
    return text
  }

  public func text(_ name: String, default fallback: String) throws(WireError) -> String {
    isAbsent(name) ? fallback : try text(name)
  }

  public func bool(_ name: String, default fallback: Bool) throws(WireError) -> Bool {
    if isAbsent(name) { return fallback }
    guard case .bool(let value)? = members[name] else { throw .wrongFieldType(name: name, expected: "true or false") }
    return value
  }

  public func integer(_ name: String, default fallback: Int) throws(WireError) -> Int {
    if isAbsent(name) { return fallback }
    guard case .integer(let value)? = members[name] else {
      throw .wrongFieldType(name: name, expected: "a whole number")
    }
    return value
  }

  public func object(_ name: String) throws(WireError) -> [String: JSONValue] {
    if isAbsent(name) { return [:] }
    guard let value = members[name]?.members else { throw .wrongFieldType(name: name, expected: "an object") }
    return value
  }

  // Several front ends write null where they mean "not given".
  private func isAbsent(_ name: String) -> Bool { members[name] == nil || members[name] == .null }
}
