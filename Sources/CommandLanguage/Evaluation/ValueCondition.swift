/// What is asked of a value in a table.
package enum ValueCondition: Sendable, Hashable {
  /// Being this text, or this number where the value is one; "" is a blank.
  case equal(String)
  case unequal(String)
  case below(Double, orEqual: Bool)
  case above(Double, orEqual: Bool)
  /// From the one up to the other.
  case between(Double, Double, includingLast: Bool)

  /// As it is written; nil for a comparison with what is no number.
  init?(word: String) {
    let sign = String(word.prefix { "<>≤≥!=".contains($0) })
    let operand = word.dropFirst(sign.count).drop { $0 == " " || $0 == "\t" || $0 == "\u{A0}" }
    let number = WordReading.number(String(operand))
    switch (sign, number) {
    case ("", _):
      for (separator, includingLast) in [("..<", false), ("...", true)] {
        guard let (before, after) = WordReading.split(word, at: separator), let low = WordReading.number(before),
          let high = WordReading.number(after)
        else { continue }
        self = .between(low, high, includingLast: includingLast)
        return
      }
      self = .equal(word)
    case ("=", _), ("==", _): self = .equal(String(operand))
    case ("!=", _), ("!", _): self = .unequal(String(operand))
    case ("<", let bound?): self = .below(bound, orEqual: false)
    case ("<=", let bound?), ("≤", let bound?): self = .below(bound, orEqual: true)
    case (">", let bound?): self = .above(bound, orEqual: false)
    case (">=", let bound?), ("≥", let bound?): self = .above(bound, orEqual: true)
    default: return nil
    }
  }

  /// In a sentence behind the column: "site A", "p < 0.05".
  package var phrase: String {
    switch self {
    case .equal(""): "blank"
    case .equal(let text): text
    case .unequal(let text): "not \(text.isEmpty ? "blank" : text)"
    case .below(let bound, let orEqual): (orEqual ? "≤ " : "< ") + Self.text(bound)
    case .above(let bound, let orEqual): (orEqual ? "≥ " : "> ") + Self.text(bound)
    case .between(let low, let high, let includingLast):
      "\(Self.text(low)) to \(includingLast ? "" : "below ")\(Self.text(high))"
    }
  }

  /// With one bound, so that two of them can be meant together or each for itself.
  var isComparison: Bool {
    switch self {
    case .below, .above: true
    case .equal, .unequal, .between: false
    }
  }

  /// What a lower and an upper bound enclose, as it is written; nil of other conditions.
  static func range(of conditions: [ValueCondition]) -> String? {
    guard conditions.count == 2 else { return nil }
    for (one, other) in [(conditions[0], conditions[1]), (conditions[1], conditions[0])] {
      guard case .above(let low, true) = one, case .below(let high, let orEqual) = other, low < high else { continue }
      return text(low) + (orEqual ? "..." : "..<") + text(high)
    }
    return nil
  }

  /// True of a value for which none of several exclusions holds and, where there are others, one of them does.
  package static func hold(_ conditions: [ValueCondition], text: String, number: Double?) -> Bool {
    var (isAsked, isMet) = (false, false)
    for condition in conditions {
      let holds = condition.holds(text: text, number: number)
      if case .unequal = condition {
        if !holds { return false }
      } else {
        isAsked = true
        isMet = isMet || holds
      }
    }
    return isMet || !isAsked
  }

  /// "site A or B", without the column.
  package static func phrase(_ conditions: [ValueCondition]) -> String {
    let isExclusion = { (condition: ValueCondition) in if case .unequal = condition { true } else { false } }
    let asked = conditions.filter { !isExclusion($0) }.map(\.phrase).joined(separator: " or ")
    let excluded = conditions.filter(isExclusion).map(\.phrase).joined(separator: " and ")
    return [asked, excluded].filter { !$0.isEmpty }.joined(separator: " and ")
  }

  private static func text(_ number: Double) -> String { Int(exactly: number).map(String.init) ?? String(number) }

  /// - Parameters:
  ///   - text: as it stands in the table with all its digits; "" for a blank.
  ///   - number: where the value is one.
  package func holds(text: String, number: Double?) -> Bool {
    switch self {
    case .equal(let asked): Self.isEqual(asked, text, number)
    case .unequal(let asked): !Self.isEqual(asked, text, number)
    case .below(let bound, let orEqual): number.map { $0 < bound || orEqual && $0 == bound } ?? false
    case .above(let bound, let orEqual): number.map { $0 > bound || orEqual && $0 == bound } ?? false
    case .between(let low, let high, let includingLast):
      number.map { low <= $0 && ($0 < high || includingLast && $0 == high) } ?? false
    }
  }

  private static func isEqual(_ asked: String, _ text: String, _ number: Double?) -> Bool {
    asked == text || number != nil && WordReading.number(asked) == number
  }
}
