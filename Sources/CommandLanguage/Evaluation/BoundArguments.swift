/// The arguments of a statement, read by their declared types.
package struct BoundArguments: Sendable {
  package var values: [String: BoundValue]
  /// Where each was written, in Unicode scalars of the cell.
  package var spans: [String: Range<Int>]

  package init(values: [String: BoundValue] = [:], spans: [String: Range<Int>] = [:]) {
    self.values = values
    self.spans = spans
  }

  /// True if the parameter was given (defaults are not filled in here: commands have them as `??`).
  package func has(_ name: String) -> Bool { values[name] != nil }
  package subscript(_ name: String) -> BoundValue? { values[name] }

  package func integer(_ name: String) -> Int? { values[name]?.integer }
  package func number(_ name: String) -> Double? { values[name]?.number }
  package func boolean(_ name: String) -> Bool? { values[name]?.boolean }
  /// Text, choices, names and paths alike.
  package func text(_ name: String) -> String? { values[name]?.text }
  package func texts(_ name: String) -> [String]? { values[name]?.items.compactMap(\.text) }
  package func numbers(_ name: String) -> [Double]? { values[name]?.items.compactMap(\.number) }
  package func value(_ name: String) -> (any SessionValue)? { values[name]?.sessionValue }
  /// In the order written.
  package func categoriesByColumn(_ name: String) -> [(column: String, categories: [String])]? {
    guard case .categories(let pairs)? = values[name] else { return nil }
    return pairs
  }
  /// Of a map of numbers.
  package func numbersByName(_ name: String) -> [String: Double]? {
    guard case .numbers(let pairs)? = values[name] else { return nil }
    return Dictionary(uniqueKeysWithValues: pairs)
  }
}

/// One argument after reading.
package indirect enum BoundValue: Sendable {
  case none
  case integer(Int)
  case number(Double)
  case boolean(Bool)
  /// Text, a choice, or a name.
  case text(String)
  /// As written, with `~` already replaced by the home folder.
  case path(String)
  /// A session value; nil while checking, when it does not exist yet.
  case value(name: String, (any SessionValue)?)
  /// The unnamed session value of a type, named by it; nil while checking, when it does not exist yet.
  case unnamed(ValueType, (any SessionValue)?)
  case range(Range<Int>)
  /// "20x" is 20.
  case magnification(Double)
  case quantity(Quantity)
  case tile(slide: String, index: Int)
  case list([BoundValue])
  case categories([(column: String, categories: [String])])
  /// Each name once.
  case numbers([(name: String, number: Double)])
  /// Each name once.
  case ranges([(name: String, range: Range<Int>)])
  /// Each name once, with what is asked of it.
  case conditions([(name: String, conditions: [ValueCondition])])
  /// A quantity, or a value that stands for one, with what is asked of it.
  case asked(of: BoundValue, [ValueCondition])

  package var integer: Int? { if case .integer(let v) = self { v } else { nil } }
  /// A number; an integer serves as one.
  package var number: Double? {
    switch self {
    case .number(let v): v
    case .integer(let v): Double(v)
    default: nil
    }
  }
  package var boolean: Bool? { if case .boolean(let v) = self { v } else { nil } }
  package var text: String? {
    switch self {
    case .text(let v), .path(let v): v
    default: nil
    }
  }
  package var sessionValue: (any SessionValue)? {
    switch self {
    case .value(_, let v), .unnamed(_, let v): v
    default: nil
    }
  }
  /// The items of a list; a single item as a list of one.
  package var items: [BoundValue] { if case .list(let v) = self { v } else { [self] } }
}

/// What a view shows by colour.
package enum Quantity: Sendable, Hashable {
  case column(String)
  case feature(layer: String?, index: Int)
  /// By number or class name.
  case logit(String)
  /// Of an outcome, by number or class name.
  case probability(String)
  /// The class that is predicted; of a model with several heads, by one of them.
  case prediction(head: String?)
  /// `region` is the region of interest that a tile lies in.
  /// Of a head by its name; nil for the only one.
  case uncertainty(head: String?)
  case cluster, slide, region
}
