/// Changes of tables and of JSON: of numbers, lines, quotes, separators and encodings.
enum TextMutation {
  /// What stands where a number is expected.
  static let numbers = [
    "nan", "NaN", "inf", "-inf", "infinity", "0", "-0", "1e308", "-1e308", "1e-320", "5e-324", "1e400",
    "9223372036854775807", "9223372036854775808", "-9223372036854775808", "18446744073709551616", "1e18", "-1e18",
    "999999999", "1000000000", "99999999.9", "100000000", "100000001", "4294967296", "2147483648", "0x1p3", "0x10",
    "1_0", "", " ", "1 2", "١٢", "½", "1.", ".5", "+7", "--7", "1e", "null", "true",
  ]

  private static let words = [
    "\"", "\"\"", ",", ",,,", ";", "\t", "\n", "\r", "\r\n", "\n\n", "\u{FEFF}", "\u{2028}", "\u{0}", "é", "e\u{301}",
    "𝔸", "\u{202E}", "../", "/", "~", "~root/", ".", "..", "/dev/zero", "nan", "NaN", " ", "\\", "\\u0000", "\\ud800",
    "{", "}", "[", "]", ":", "[]", "{}", "null", "true", "-1", "\"a\": 1,", "slide", "patient", "TCGA-", "'",
  ]

  static func mutated(_ text: String, _ dice: inout Dice, isJSON: Bool = false) -> [UInt8] {
    var bytes = Array(text.utf8)
    for _ in 0..<dice.size(upTo: 8) { change(&bytes, &dice) }
    if dice.chance(1) { enlarge(&bytes, &dice, isJSON: isJSON) }
    if dice.chance(20) { bytes = ByteMutation.mutated(bytes, &dice) }
    return dice.chance(10) ? encoded(bytes, &dice) : bytes
  }

  private static func change(_ bytes: inout [UInt8], _ dice: inout Dice) {
    let place = dice.below(bytes.count + 1)
    switch dice.below(7) {
    case 0, 1: replaceNumber(&bytes, near: place, with: dice.pick(numbers))
    case 2: bytes.insert(contentsOf: Array(dice.pick(words).utf8), at: place)
    case 3:
      let lines = line(in: bytes, at: place)
      let copied = Array(bytes[lines])
      for _ in 0...dice.size(upTo: 20) { bytes.insert(contentsOf: copied, at: lines.lowerBound) }
    case 4: bytes.removeSubrange(line(in: bytes, at: place))
    case 5: bytes.removeSubrange(dice.range(in: bytes.count, longest: 12))
    default:
      let (from, to) = dice.pick([(",", ";"), ("\n", "\r"), ("\n", "\r\n"), (",", "\t"), ("\"", ""), ("_", "")])
      bytes = Array(
        String(decoding: bytes, as: UTF8.self).split(separator: from, omittingEmptySubsequences: false)
          .joined(separator: to).utf8)
    }
  }

  /// The digits around a place, or those behind it, become something else.
  private static func replaceNumber(_ bytes: inout [UInt8], near place: Int, with text: String) {
    func isDigit(_ index: Int) -> Bool { (0x30...0x39).contains(bytes[index]) || bytes[index] == 0x2E }
    guard let first = bytes.indices.dropFirst(place).first(where: isDigit) else { return }
    let end = bytes.indices.dropFirst(first).first { !isDigit($0) } ?? bytes.count
    bytes.replaceSubrange(first..<end, with: Array(text.utf8))
  }

  private static func line(in bytes: [UInt8], at place: Int) -> Range<Int> {
    let start = bytes[..<place].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    let end = bytes[place...].firstIndex(of: 0x0A).map { $0 + 1 } ?? bytes.count
    return start..<end
  }

  /// What is longer, wider or deeper than anything that people write.
  private static func enlarge(_ bytes: inout [UInt8], _ dice: inout Dice, isJSON: Bool) {
    let place = dice.below(bytes.count + 1)
    let count = dice.pick([2_000, 60_000, 1_100_000])
    switch dice.below(isJSON ? 4 : 3) {
    case 0: bytes.insert(contentsOf: [UInt8](repeating: UInt8(dice.below(128)), count: count), at: place)
    case 1: bytes.insert(contentsOf: [UInt8](repeating: 0x2C, count: count), at: place)
    case 2: bytes.insert(contentsOf: [0x22] + [UInt8](repeating: 0x0A, count: count), at: place)
    default:
      bytes.insert(contentsOf: [UInt8](repeating: dice.pick([0x5B, 0x7B]), count: min(count, 60_000)), at: place)
    }
  }

  private static func encoded(_ bytes: [UInt8], _ dice: inout Dice) -> [UInt8] {
    let text = String(decoding: bytes, as: UTF8.self)
    switch dice.below(5) {
    case 0: return [0xEF, 0xBB, 0xBF] + bytes
    case 1: return text.utf16.reduce(into: [0xFF, 0xFE]) { $0.append(UInt64($1), byteCount: 2) }
    case 2: return text.utf16.reduce(into: [0xFE, 0xFF]) { $0.append(UInt64($1), byteCount: 2, isBigEndian: true) }
    case 3: return text.utf16.reduce(into: []) { $0.append(UInt64($1), byteCount: 2) }
    default: return text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
    }
  }
}
