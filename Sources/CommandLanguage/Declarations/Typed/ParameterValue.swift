/// What a property of a command can hold: read from an argument, and written in the manual where it is a default.
package protocol ParameterValue: Sendable {
  /// How an argument is read where the declaration of the property says nothing else.
  static var parameterType: ParameterType { get }
  /// False where the argument has to be given unless there is a default.
  static var isOptional: Bool { get }
  /// Nil for an argument of another form, and for a session value that does not exist yet.
  init?(argument: BoundValue)
  /// As it is written in the language; nil for what the manual shows nothing of.
  var spelling: String? { get }
}

extension ParameterValue {
  package static var isOptional: Bool { false }
  package var spelling: String? { nil }
}

/// A number with bounds.
package protocol BoundedParameterValue: ParameterValue {
  associatedtype Bound: Comparable & Sendable
  static func parameterType(in bounds: ClosedRange<Bound>) -> ParameterType
}

/// One of some words: the raw values of an enum, in the order of its cases.
package protocol ParameterChoice: ParameterValue, RawRepresentable, CaseIterable where RawValue == String {}

extension ParameterChoice {
  package static var parameterType: ParameterType { .choice(allCases.map(\.rawValue)) }
  package init?(argument: BoundValue) {
    guard let text = argument.text else { return nil }
    self.init(rawValue: text)
  }
  package var spelling: String? { rawValue }
}

extension Int: BoundedParameterValue {
  package static var parameterType: ParameterType { .integer(.min ... .max) }
  package static func parameterType(in bounds: ClosedRange<Int>) -> ParameterType { .integer(bounds) }
  package init?(argument: BoundValue) {
    guard let integer = argument.integer else { return nil }
    self = integer
  }
  package var spelling: String? { String(self) }
}

extension Double: BoundedParameterValue {
  package static var parameterType: ParameterType {
    .number(-Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude)
  }
  package static func parameterType(in bounds: ClosedRange<Double>) -> ParameterType { .number(bounds) }
  package init?(argument: BoundValue) {
    guard let number = argument.number else { return nil }
    self = number
  }
  package var spelling: String? { Int(exactly: self).map { String($0) } ?? String(self) }
}

extension Bool: ParameterValue {
  package static var parameterType: ParameterType { .boolean }
  package init?(argument: BoundValue) {
    guard let boolean = argument.boolean else { return nil }
    self = boolean
  }
  package var spelling: String? { String(self) }
}

/// Text, a name or a path, by the type that is declared.
extension String: ParameterValue {
  package static var parameterType: ParameterType { .text }
  package init?(argument: BoundValue) {
    guard let text = argument.text else { return nil }
    self = text
  }
  package var spelling: String? { self }
}

extension Range<Int>: ParameterValue {
  package static var parameterType: ParameterType { .range }
  package init?(argument: BoundValue) {
    guard case .range(let range) = argument else { return nil }
    self = range
  }
}

extension Quantity: ParameterValue {
  package static var parameterType: ParameterType { .quantity }
  package init?(argument: BoundValue) {
    guard case .quantity(let quantity) = argument else { return nil }
    self = quantity
  }
}

extension Array: ParameterValue where Element: ParameterValue {
  package static var parameterType: ParameterType { .list(Element.parameterType) }
  /// A single item is a list of one.
  package init?(argument: BoundValue) {
    var items: [Element] = []
    for item in argument.items {
      guard let item = Element(argument: item) else { return nil }
      items.append(item)
    }
    self = items
  }
  package var spelling: String? { "[" + compactMap(\.spelling).joined(separator: ", ") + "]" }
}

extension Optional: ParameterValue where Wrapped: ParameterValue {
  package static var parameterType: ParameterType { Wrapped.parameterType }
  package static var isOptional: Bool { true }
  /// `none` is nil.
  package init?(argument: BoundValue) {
    if case .none = argument {
      self = .none
      return
    }
    guard let value = Wrapped(argument: argument) else { return nil }
    self = .some(value)
  }
  package var spelling: String? { flatMap(\.spelling) }
}

extension Optional: BoundedParameterValue where Wrapped: BoundedParameterValue {
  package typealias Bound = Wrapped.Bound
  package static func parameterType(in bounds: ClosedRange<Bound>) -> ParameterType {
    Wrapped.parameterType(in: bounds)
  }
}

/// The side of a tile on its slide, or the magnification that makes its pixels.
package enum TileLength: ParameterValue, Equatable {
  case microns(Double)
  /// "20x" is 20.
  case magnification(Double)

  package static var parameterType: ParameterType { .microns }
  package init?(argument: BoundValue) {
    switch argument {
    case .magnification(let power): self = .magnification(power)
    case let other:
      guard let microns = other.number else { return nil }
      self = .microns(microns)
    }
  }
}

/// One tile: `SLIDE:INDEX`.
package struct TileName: ParameterValue, Equatable {
  package let slide: String
  package let index: Int

  package static var parameterType: ParameterType { .tile }
  package init?(argument: BoundValue) {
    guard case .tile(let slide, let index) = argument else { return nil }
    self.slide = slide
    self.index = index
  }
}

/// A thing of some kind, by its number or its name.
package enum NumberOrName: ParameterValue, Equatable {
  case number(Int)
  case name(String)

  package static var parameterType: ParameterType { .text }
  package init?(argument: BoundValue) {
    if let number = argument.integer {
      self = .number(number)
    } else if let name = argument.text {
      self = .name(name)
    } else {
      return nil
    }
  }
}

/// Numbers of things, as a range or as a list.
package enum RangeOrList<Item: ParameterValue>: ParameterValue {
  case range(Range<Int>)
  case list([Item])

  package static var parameterType: ParameterType { .either([.range, .list(Item.parameterType)]) }
  package init?(argument: BoundValue) {
    if case .range(let range) = argument {
      self = .range(range)
    } else if let items = [Item](argument: argument) {
      self = .list(items)
    } else {
      return nil
    }
  }
}

extension RangeOrList: BoundedParameterValue where Item: BoundedParameterValue {
  package typealias Bound = Item.Bound
  package static func parameterType(in bounds: ClosedRange<Bound>) -> ParameterType {
    .either([.range, .list(Item.parameterType(in: bounds))])
  }
}

/// `{column: [a, b]}`, in the order written.
package struct CategoriesByColumn: ParameterValue {
  package let pairs: [(column: String, categories: [String])]

  package static var parameterType: ParameterType { .categoriesByColumn }
  package init?(argument: BoundValue) {
    guard case .categories(let pairs) = argument else { return nil }
    self.pairs = pairs
  }
}

/// `{layer3: 0..<64}`, in the order written.
package struct RangesByLayer: ParameterValue {
  package let pairs: [(layer: String, range: Range<Int>)]

  package static var parameterType: ParameterType { .rangesByName(.layer) }
  package init?(argument: BoundValue) {
    guard case .ranges(let pairs) = argument else { return nil }
    self.pairs = pairs.map { (layer: $0.name, range: $0.range) }
  }
}

/// `{name: 0.25}`: each name once.
extension Dictionary: ParameterValue where Key == String, Value == Double {
  package static var parameterType: ParameterType { .numbersByName(.slide, 0...Double.greatestFiniteMagnitude) }
  package init?(argument: BoundValue) {
    guard case .numbers(let pairs) = argument else { return nil }
    self = Dictionary(uniqueKeysWithValues: pairs)
  }
}

/// `{A: red, B: blue}`: each name once, in the order written.
package struct TextsByName: ParameterValue {
  package let pairs: [(name: String, text: String)]

  package static var parameterType: ParameterType { .textsByName(key: "name", text: "text") }
  package init?(argument: BoundValue) {
    guard case .categories(let pairs) = argument else { return nil }
    self.pairs = pairs.map { ($0.column, $0.categories.first ?? "") }
  }
}

/// `{column: A, other: >0.5}`, in the order written.
package struct ColumnConditions: ParameterValue {
  package let pairs: [(column: String, conditions: [ValueCondition])]

  package static var parameterType: ParameterType { .conditionsByName(.tableColumn) }
  package init?(argument: BoundValue) {
    guard case .conditions(let pairs) = argument else { return nil }
    self.pairs = pairs.map { ($0.name, $0.conditions) }
  }
}

/// `{site: [A, B]}` or `feature:497>1.2`: what is asked of a quantity, or of a value that stands for one.
package struct QuantityConditions: ParameterValue {
  package let pairs: [(quantity: BoundValue, conditions: [ValueCondition])]

  package static var parameterType: ParameterType { .conditionsByQuantity }
  package init?(argument: BoundValue) {
    var pairs: [(quantity: BoundValue, conditions: [ValueCondition])] = []
    for item in argument.items {
      guard case .asked(let quantity, let conditions) = item else { return nil }
      pairs.append((quantity, conditions))
    }
    self.pairs = pairs
  }
}

/// A session value of one kind, which can be a parameter or what a command works on.
package protocol TypedValue: SessionValue, ParameterValue, SubjectValue {
  /// What statements are checked by before there is a value.
  static var declaration: ValueTypeDeclaration { get }
}

extension TypedValue {
  package static var type: ValueType { declaration.type }
  package var valueType: ValueType { Self.type }
  package static var parameterType: ParameterType { .value([type]) }
  package init?(argument: BoundValue) {
    guard let value = argument.sessionValue as? Self else { return nil }
    self = value
  }

  package static var subjectTypes: [ValueType] { [type] }
  package init?(subjects: [any SessionValue], path: String?) {
    guard let value = subjects.first as? Self else { return nil }
    self = value
  }
}
