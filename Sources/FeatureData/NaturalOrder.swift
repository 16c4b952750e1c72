/// The order in which people count: 2 before 10, and Stage 2 before Stage 10.
package enum NaturalOrder {
  /// Numbers by their size, and before other names; those by their texts, in which digits count as the numbers that they
  /// spell. What is below a number (`<5`) comes first.
  package static func sorted(_ names: some Sequence<String>) -> [String] {
    let names = names.map { (name: $0, rank: rank($0), number: Double($0).flatMap { $0.isFinite ? $0 : nil }) }
    return names.sorted { one, other in
      if one.rank != other.rank { return one.rank < other.rank }
      if let left = one.number, let right = other.number, left != right { return left < right }
      return precedes(one.name, other.name)
    }.map(\.name)
  }

  private static func rank(_ name: String) -> Int {
    if let first = name.first, "<≤".contains(first), name.contains(where: \.isNumber) { return 0 }
    return Double(name)?.isFinite == true ? 1 : 2
  }

  package static func precedes(_ one: String, _ other: String) -> Bool {
    var left = Substring(one).utf8
    var right = Substring(other).utf8
    while let first = left.first, let second = right.first {
      guard isDigit(first), isDigit(second) else {
        if first != second { return first < second }
        left.removeFirst()
        right.removeFirst()
        continue
      }
      let (number, otherNumber) = (digits(&left), digits(&right))
      if number.count != otherNumber.count { return number.count < otherNumber.count }
      if !number.elementsEqual(otherNumber) { return number.lexicographicallyPrecedes(otherNumber) }
    }
    // "S1" and "S01" spell the same numbers.
    return left.isEmpty && right.isEmpty ? one < other : left.isEmpty
  }

  /// Takes the digits off the front; zeros before them say nothing of their size.
  private static func digits(_ text: inout Substring.UTF8View) -> Substring.UTF8View.SubSequence {
    let run = text.prefix(while: isDigit)
    text = text.dropFirst(run.count)
    return run.drop { $0 == 0x30 }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
}
