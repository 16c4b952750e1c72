import Foundation

/// `SLIDE:5`, `SLIDE:0..<32` or `SLIDE:0...31`.
struct TilePlace: Equatable {
  let slide: String
  let tiles: Range<Int>

  init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"), colon != text.startIndex else { return nil }
    slide = String(text[..<colon])
    let rest = String(text[text.index(after: colon)...])
    func number(_ text: some StringProtocol) -> Int? {
      text.allSatisfy { $0.isASCII && $0.isNumber } ? Int(text).flatMap { $0 < 1_000_000_000 ? $0 : nil } : nil
    }
    if let single = number(rest) {
      tiles = single..<single + 1
      return
    }
    for (sign, extra) in [("..<", 0), ("...", 1)] {
      guard let range = rest.range(of: sign), let first = number(rest[..<range.lowerBound]),
        let last = number(rest[range.upperBound...]), first < last + extra
      else { continue }
      tiles = first..<last + extra
      return
    }
    return nil
  }
}
