/// Reads what sorts and chooses the rows of a table.
extension ArgumentReader {
  /// The column as it is written, with the `-` before it.
  func sortKey(_ scalar: ScalarSyntax, _ kind: NameKind) throws(Diagnostic) -> String {
    guard let known = names.names(of: kind), !known.contains(scalar.text) else { return scalar.text }
    let isDescending = scalar.text.hasPrefix("-")
    let name = isDescending ? String(scalar.text.dropFirst()) : scalar.text
    if isDescending, known.contains(name) { return scalar.text }
    // SQL's words for the direction.
    var (stem, meant) = (name, isDescending)
    for (word, descends) in [(" desc", true), (" descending", true), (" asc", false), (" ascending", false)]
    where name.lowercased().hasSuffix(word) {
      (stem, meant) = (String(name.dropLast(word.count)), descends)
    }
    let nearest = known.contains(stem) ? stem : NearestName.nearest(to: stem, in: known)
    throw failure(
      .unknownName(name, noun: kind.noun, known: known, nearest: nearest.map { (meant ? "-" : "") + $0 }), scalar.span)
  }

  func conditions(
    _ pairs: [PairSyntax], by kind: NameKind
  ) throws(Diagnostic) -> [(name: String, conditions: [ValueCondition])] {
    var result: [(name: String, conditions: [ValueCondition])] = []
    for pair in pairs {
      let column = try name(pair.key, kind)
      if result.contains(where: { $0.name == column }) {
        throw failure(.columnGivenTwice(column, instead: Self.merged(pairs)), pair.key.span)
      }
      switch pair.value {
      case let value?:
        result.append((column, try conditions(value, of: column, among: .category(of: column), pair.key)))
      case nil: throw failure(.missingMapValue(key: column), pair.key.span)
      }
    }
    return result
  }

  /// What is asked of one name.
  ///
  /// - Parameter kind: of the values that it may have; nil where these are not known before the statement runs.
  private func conditions(
    _ value: ValueSyntax, of name: String, among kind: NameKind?, _ key: ScalarSyntax
  ) throws(Diagnostic) -> [ValueCondition] {
    switch value {
    case .scalar(let scalar): return [try condition(scalar, among: kind)]
    case .list(let scalars, let span):
      if scalars.isEmpty { throw failure(.empty(name, noun: "list", instead: "[VALUE]"), span) }
      var conditions: [ValueCondition] = []
      for scalar in scalars { conditions.append(try condition(scalar, among: kind)) }
      if conditions.count(where: \.isComparison) > 1 {
        throw failure(.severalComparisons(name, instead: ValueCondition.range(of: conditions)), span)
      }
      return conditions
    case .map: throw failure(.missingMapValue(key: name), key.span)
    }
  }

  /// What is quoted is a value, whatever it looks like.
  private func condition(_ scalar: ScalarSyntax, among kind: NameKind?) throws(Diagnostic) -> ValueCondition {
    let known = kind.flatMap { names.names(of: $0) }
    if scalar.isQuoted || known?.contains(scalar.text) == true {
      guard let kind, known != nil, !scalar.text.isEmpty else { return .equal(scalar.text) }
      return .equal(try name(scalar, kind))
    }
    guard let condition = ValueCondition(word: scalar.text) else {
      throw failure(.comparisonOfText(scalar.text), scalar.span)
    }
    switch condition {
    case .equal(let text), .unequal(let text):
      let isNumber = WordReading.number(text) != nil
      if let kind, let known, !text.isEmpty, !known.contains(text), !isNumber {
        _ = try name(ScalarSyntax(text: text, isQuoted: true, span: scalar.span), kind)
      }
    case .below, .above, .between: break
    }
    return condition
  }

  // MARK: Quantities

  mutating func asked(
    _ pairs: [PairSyntax], for parameter: ParameterDeclaration
  ) throws(Diagnostic) -> [BoundValue] {
    var result: [BoundValue] = []
    var seen: Set<String> = []
    for pair in pairs {
      if let meant = meantComparison(pair), let end = pair.value?.span.upperBound {
        throw failure(
          .keyWithColon(meant.name, instead: meant.instead),
          pair.key.span.lowerBound..<max(end, pair.key.span.upperBound))
      }
      if !seen.insert(pair.key.text).inserted {
        throw failure(.columnGivenTwice(pair.key.text, instead: Self.merged(pairs)), pair.key.span)
      }
      let quantity = try askedQuantity(pair.key, parameter)
      guard let value = pair.value else { throw failure(.missingMapValue(key: pair.key.text), pair.key.span) }
      result.append(
        .asked(of: quantity, try conditions(value, of: pair.key.text, among: Self.values(of: quantity), pair.key)))
    }
    return result
  }

  /// `feature:497>1.2`, in quotes also with blanks.
  mutating func comparison(
    _ scalar: ScalarSyntax, _ parameter: ParameterDeclaration
  ) throws(Diagnostic) -> BoundValue {
    guard let (name, asked) = Self.comparison(scalar.text) else {
      let reads = scalar.text.contains(":") && WordReading.quantity(scalar.text, isQuoted: false) != nil
      throw unfit(.scalar(scalar), .comparison, parameter, instead: reads ? scalar.text + ">0" : nil)
    }
    let quantity = try askedQuantity(ScalarSyntax(text: name, isQuoted: false, span: scalar.span), parameter)
    let word = ScalarSyntax(text: asked, isQuoted: false, span: scalar.span)
    return .asked(of: quantity, [try condition(word, among: Self.values(of: quantity))])
  }

  private static func comparison(_ text: String) -> (name: String, asked: String)? {
    guard let sign = text.firstIndex(where: { "<>≤≥!=".contains($0) }) else { return nil }
    let name = text[..<sign].reversed().drop { $0 == " " }.reversed()
    return name.isEmpty || text[sign...].allSatisfy({ "<>≤≥!= ".contains($0) })
      ? nil : (String(name), String(text[sign...]))
  }

  /// `"feature:497": >1.2` for a pair such as `feature:497>1.2`, whose key ends at the colon.
  private func meantComparison(_ pair: PairSyntax) -> (name: String, instead: String)? {
    guard !pair.key.isQuoted, ["feature", "logit", "probability", "prediction"].contains(pair.key.text),
      names.names(of: .column)?.contains(pair.key.text) != true, case .scalar(let scalar)? = pair.value,
      !scalar.isQuoted, let (rest, asked) = Self.comparison(scalar.text)
    else { return nil }
    let name = "\(pair.key.text):\(rest.hasSuffix(":") ? String(rest.dropLast()) : rest)"
    return (name, ScalarSyntax.keySpelling(of: name) + ": " + asked)
  }

  /// `{"feature:497": >1.2}` for words such as `feature:497>1.2`; nil if one of them is none.
  static func comparisons(_ scalars: [ScalarSyntax]) -> String? {
    let pairs = scalars.compactMap { comparison($0.text) }
    guard !pairs.isEmpty, pairs.count == scalars.count else { return nil }
    return "{" + pairs.map { ScalarSyntax.keySpelling(of: $0.name) + ": " + $0.asked }.joined(separator: ", ") + "}"
  }

  /// A key with a colon has to be quoted, and is no column for that.
  private mutating func askedQuantity(
    _ key: ScalarSyntax, _ parameter: ParameterDeclaration
  ) throws(Diagnostic) -> BoundValue {
    if let type = standing(key, for: .column) { return try value(key, [type], for: parameter, role: nil) }
    if let only = try onlyValue(meantBy: key, for: parameter) { return only }
    let isColumn = names.names(of: .column)?.contains(key.text) == true
    return try quantity(
      ScalarSyntax(text: key.text, isQuoted: key.isQuoted && (isColumn || !key.text.contains(":")), span: key.span),
      parameter)
  }

  /// The kind of the values that a quantity has; nil where they are not known before the statement runs.
  private static func values(of quantity: BoundValue) -> NameKind? {
    guard case .quantity(let quantity) = quantity else { return nil }
    return switch quantity {
    case .column(let column): .category(of: column)
    case .prediction: .outcome
    case .slide: .slide
    case .feature, .logit, .probability, .cluster, .uncertainty, .region: nil
    }
  }
}
