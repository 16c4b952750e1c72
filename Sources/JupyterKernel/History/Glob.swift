/// A pattern in which `*` stands for any text and `?` for one scalar.
///
/// All the ways to match are followed side by side, one bit each, so that no pattern makes a search go on for hours.
struct Glob {
  /// How many scalars the pattern has besides its stars.
  private let count: Int
  private let words: Int
  /// Bit i of a row: the scalar of that row may stand at place i. Row 0 is for scalars that the pattern does not name.
  private var masks: [UInt64]
  private var rows: [Unicode.Scalar: Int] = [:]
  private var asciiRows = [Int](repeating: 0, count: 128)
  /// Bit i: a star stands before place i.
  private var stars: [UInt64]

  init(_ pattern: String) {
    let scalars = pattern.unicodeScalars.filter { $0 != "*" }
    count = scalars.count
    words = count / 64 + 1
    stars = [UInt64](repeating: 0, count: words)
    masks = stars
    var place = 0
    for scalar in pattern.unicodeScalars {
      let bit = UInt64(1) << UInt64(place % 64)
      if scalar == "*" {
        stars[place / 64] |= bit
        continue
      }
      if scalar != "?" { masks[row(adding: scalar) + place / 64] |= bit }
      place += 1
    }
    place = 0
    for scalar in scalars {
      if scalar == "?" {
        for row in stride(from: 0, to: masks.count, by: words) {
          masks[row + place / 64] |= UInt64(1) << UInt64(place % 64)
        }
      }
      place += 1
    }
  }

  private mutating func row(adding scalar: Unicode.Scalar) -> Int {
    if let row = rows[scalar] { return row }
    let row = masks.count
    masks += [UInt64](repeating: 0, count: words)
    rows[scalar] = row
    if scalar.isASCII { asciiRows[Int(scalar.value)] = row }
    return row
  }

  /// Whether the whole of `text` fits.
  ///
  /// - Complexity: O(text × pattern / 64).
  func matches(_ text: String) -> Bool {
    // Bit i: the first i places are taken.
    var reached = [UInt64](repeating: 0, count: words)
    reached[0] = 1
    for scalar in text.unicodeScalars {
      let row = scalar.isASCII ? asciiRows[Int(scalar.value)] : rows[scalar] ?? 0
      var carry: UInt64 = 0
      var any: UInt64 = 0
      for word in 0..<words {
        let fitting = reached[word] & masks[row + word]
        let next = fitting << 1 | carry | reached[word] & stars[word]
        carry = fitting >> 63
        reached[word] = next
        any |= next
      }
      if any == 0 { return false }
    }
    return reached[count / 64] >> UInt64(count % 64) & 1 == 1
  }
}
