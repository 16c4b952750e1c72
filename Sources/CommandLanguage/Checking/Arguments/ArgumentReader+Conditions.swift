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
      case .scalar(let scalar)?: result.append((column, [try condition(scalar, on: column)]))
      case .list(let scalars, let span)?:
        if scalars.isEmpty { throw failure(.empty(column, noun: "list", instead: "[VALUE]"), span) }
        var conditions: [ValueCondition] = []
        for scalar in scalars { conditions.append(try condition(scalar, on: column)) }
        if conditions.count(where: \.isComparison) > 1 {
          throw failure(.severalComparisons(column, instead: ValueCondition.range(of: conditions)), span)
        }
        result.append((column, conditions))
      case .map?, nil: throw failure(.missingMapValue(key: column), pair.key.span)
      }
    }
    return result
  }

  /// What is quoted is a value, whatever it looks like.
  private func condition(_ scalar: ScalarSyntax, on column: String) throws(Diagnostic) -> ValueCondition {
    let known = names.names(of: .category(of: column))
    if scalar.isQuoted || known?.contains(scalar.text) == true {
      if scalar.text.isEmpty || known == nil { return .equal(scalar.text) }
      return .equal(try name(scalar, .category(of: column)))
    }
    guard let condition = ValueCondition(word: scalar.text) else {
      throw failure(.comparisonOfText(scalar.text), scalar.span)
    }
    switch condition {
    case .equal(let text), .unequal(let text):
      let isNumber = WordReading.number(text) != nil
      if let known, !text.isEmpty, !known.contains(text), !isNumber {
        _ = try name(ScalarSyntax(text: text, isQuoted: true, span: scalar.span), .category(of: column))
      }
    case .below, .above, .between: break
    }
    return condition
  }
}
