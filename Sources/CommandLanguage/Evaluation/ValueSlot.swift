/// Where a value of the session lies: under its name, or as the unnamed one of its type.
package enum ValueSlot: Sendable, Hashable {
  case named(String)
  case unnamed(ValueType)

  /// Nil for an unnamed value of which not even the type is known.
  init?(name: String?, type: ValueType?) {
    if let name {
      self = .named(name)
    } else if let type {
      self = .unnamed(type)
    } else {
      return nil
    }
  }

  package var name: String? { if case .named(let name) = self { name } else { nil } }

  var isNamed: Bool { name != nil }

  /// "df", or "the unnamed Features".
  package var displayName: String {
    switch self {
    case .named(let name): name
    case .unnamed(let type): "the unnamed \(type.name)"
    }
  }

  /// After "an earlier": "df", "unnamed Features".
  var withoutArticle: String {
    switch self {
    case .named(let name): name
    case .unnamed(let type): "unnamed \(type.name)"
    }
  }
}

extension ValueSlot: ParameterValue {
  package static var parameterType: ParameterType { .valueOrSlot }
  package init?(argument: BoundValue) {
    switch argument {
    case .value(let name, _): self = .named(name)
    case .unnamed(let type, _): self = .unnamed(type)
    default: return nil
    }
  }
}
