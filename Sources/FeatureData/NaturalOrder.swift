/// The order in which people count: 2 before 10, and Stage 2 before Stage 10.
package enum NaturalOrder {
  /// Numbers by their size; other names by their texts, in which digits count as the numbers that they spell.
  package static func sorted(_ names: some Sequence<String>) -> [String] {
    let names = Array(names)
    let numbers = names.map { Double($0) ?? .nan }
    guard !numbers.contains(where: \.isNaN) else { return names.sorted(by: precedes) }
    return names.indices.sorted { (numbers[$0], names[$0]) < (numbers[$1], names[$1]) }.map { names[$0] }
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
