/// Numbers, texts, lists and maps of Python in this language.
extension PythonTranslator {
  /// A number or a text, with the names of the cell put in; nil for anything else.
  func constant(_ value: PythonExpression) -> PythonExpression? {
    switch value {
    case .number, .text: return value
    case .name(let name):
      guard let constant = names.constants[name] else { return nil }
      if case .name(name) = constant { return nil }
      return constant
    case .formatted(let pieces):
      let texts = pieces.compactMap(text)
      return texts.count == pieces.count ? .text(texts.joined()) : nil
    case .joined(let left, let right, let isPath):
      guard let left = text(left), let right = text(right) else { return nil }
      return .text(isPath ? left + (left.hasSuffix("/") ? "" : "/") + right : left + right)
    // `Path('a')`, `str(x)`, `os.path.join(a, b)`
    case .call(.name(let function), let arguments) where ["Path", "str"].contains(function) && arguments.count == 1:
      return text(arguments[0].value).map(PythonExpression.text)
    case .call(.attribute(_, let function), let arguments) where ["join", "expanduser"].contains(function):
      let texts = arguments.compactMap { text($0.value) }
      return texts.count == arguments.count && !texts.isEmpty ? .text(texts.joined(separator: "/")) : nil
    case .list(let items), .tuple(let items):
      let constants = items.compactMap(constant)
      return constants.count == items.count ? .list(constants) : nil
    default: return nil
    }
  }

  private func text(_ value: PythonExpression) -> String? {
    switch constant(value) {
    case .text(let text)?: text
    case .number(let digits)?: digits
    default: nil
    }
  }

  /// The items that a loop goes over, where they are written out.
  func items(of values: PythonExpression) -> [PythonExpression]? {
    if case .list(let items)? = constant(values) { return items }
    guard case .call(.name("range"), let arguments) = values else { return nil }
    let bounds = arguments.compactMap { argument -> Int? in
      if case .number(let digits)? = constant(argument.value) { WordReading.integer(digits) } else { nil }
    }
    guard bounds.count == arguments.count, (1...2).contains(bounds.count), let upper = bounds.last else { return nil }
    let lower = bounds.count == 2 ? bounds[0] : 0
    guard lower < upper, upper - lower <= 20 else { return nil }
    return (lower..<upper).map { .number(String($0)) }
  }

  /// A list, a map, a range or a truth value with the names of the cell put in; nil if it is none.
  func literal(_ value: PythonExpression) -> PythonExpression? {
    switch value {
    case .name(let name): WordReading.boolean(name) == nil && !WordReading.isNone(name) ? nil : value
    case .list(let items), .tuple(let items): .list(items.map { constant($0) ?? $0 })
    case .dictionary(let pairs):
      .dictionary(pairs.map { ($0.key, literal($0.value) ?? constant($0.value) ?? $0.value) })
    case .call(.name("range"), let arguments), .call(.attribute(.name("np"), "arange"), let arguments):
      .call(.name("range"), arguments.map { PythonArgument(name: $0.name, value: constant($0.value) ?? $0.value) })
    case .call(.name("list"), let arguments) where arguments.count == 1: literal(arguments[0].value)
    default: nil
    }
  }

  /// A literal as it is written here; nil for anything more.
  static func spelling(of value: PythonExpression, depth: Int) -> String? {
    switch value {
    case .number(let digits): return WordReading.number(digits) == nil ? nil : digits
    case .text(let text): return ScalarSyntax.spelling(of: text)
    case .name(let name):
      if let boolean = WordReading.boolean(name) { return boolean ? "true" : "false" }
      return WordReading.isNone(name) ? "none" : name
    case .list(let items), .tuple(let items):
      guard depth < 2 else { return nil }
      let spelled = items.compactMap { spelling(of: $0, depth: depth + 1) }
      return spelled.count == items.count ? "[" + spelled.joined(separator: ", ") + "]" : nil
    case .dictionary(let pairs):
      guard depth == 0 else { return nil }
      let spelled = pairs.compactMap { pair -> String? in
        guard let value = spelling(of: pair.value, depth: depth + 1) else { return nil }
        switch pair.key {
        case .text(let key): return ScalarSyntax.keySpelling(of: key) + ": " + value
        case .name(let key), .number(let key): return key + ": " + value
        default: return nil
        }
      }
      return spelled.count == pairs.count ? "{" + spelled.joined(separator: ", ") + "}" : nil
    case .call(.name("range"), let arguments):
      let numbers = arguments.compactMap { argument -> Int? in
        if case .number(let digits) = argument.value { WordReading.integer(digits) } else { nil }
      }
      guard numbers.count == arguments.count, (1...2).contains(numbers.count), let upper = numbers.last else {
        return nil
      }
      return "\(numbers.count == 2 ? numbers[0] : 0)..<\(upper)"
    default: return nil
    }
  }
}
