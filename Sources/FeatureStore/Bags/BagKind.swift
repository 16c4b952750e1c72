/// The program, or the form of file, that features of a slide came from.
package struct BagKind: Sendable, Hashable {
  /// As it is stored.
  package let name: String
  /// For messages.
  package let displayName: String

  /// - Parameter name: of no other kind; it stays what it is, for it is stored.
  init(_ name: String, displayName: String) {
    self.name = name
    self.displayName = displayName
  }
}

extension BagKind: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let name = try container.decode(String.self)
    guard let kind = ForeignBagReaders.all.flatMap({ $0.kinds }).first(where: { $0.name == name }) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "no kind of features is named \(name)")
    }
    self = kind
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(name)
  }
}
