import FeatureData

/// Numbers as tables have them.
enum TableNumber {
  /// A finite number in decimal digits; nil for any other text, blanks around it apart.
  static func value(_ text: String, decimalComma: Bool = false) -> Double? {
    let trimmed = text.withoutOuterBlanks
    // Swift reads hexadecimal numbers too, which are names of something here.
    guard trimmed.utf8.allSatisfy({ $0 < 0x80 && $0 | 0x20 != 0x78 }) else { return nil }
    guard decimalComma else { return finite(trimmed) }
    return trimmed.contains(".") ? nil : finite(trimmed.replacing(",", with: "."))
  }

  private static func finite(_ text: String) -> Double? { Double(text).flatMap { $0.isFinite ? $0 : nil } }

  /// How the numbers of a column are written.
  enum Style: Sendable, Equatable {
    case point
    case comma
    /// As 1,234: one and a bit, or more than a thousand.
    case ambiguous(String)
  }

  /// - Parameter allowsComma: the table's commas are decimal ones wherever they stand in numbers.
  /// - Returns: nil for values that are not all numbers, or none.
  static func style(_ values: [String], allowsComma: Bool) -> Style? {
    guard !values.isEmpty else { return nil }
    if values.allSatisfy({ value($0) != nil }) { return .point }
    guard values.allSatisfy({ value($0, decimalComma: true) != nil || value($0) != nil }) else {
      return values.allSatisfy({ value($0.replacing(",", with: "")) != nil })
        ? values.first { $0.contains(",") }.map(Style.ambiguous) : nil
    }
    let commas = values.filter { $0.contains(",") }
    let areThousands = commas.allSatisfy { $0.withoutOuterBlanks.split(separator: ",").last?.utf8.count == 3 }
    let hasPoints = values.contains { $0.contains(".") }
    return !hasPoints && (allowsComma || !areThousands) ? .comma : .ambiguous(commas.first ?? values[0])
  }
}
