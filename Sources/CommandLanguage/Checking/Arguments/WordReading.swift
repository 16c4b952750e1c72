/// The ways in which a word can be read. Each gives nil for a word that does not read so.
enum WordReading {
  static func integer(_ word: String) -> Int? { isWholeNumber(word) ? Int(word) : nil }

  /// True also for a number too large to be computed with.
  static func isWholeNumber(_ word: String) -> Bool {
    let signs = word.unicodeScalars.prefix { $0 == "-" || $0 == "+" }
    let digits = word.unicodeScalars.dropFirst(signs.count)
    return signs.count <= 1 && !digits.isEmpty && digits.allSatisfy { ("0"..."9").contains($0) }
  }

  /// A decimal number, with or without an exponent; never infinite.
  static func number(_ word: String) -> Double? {
    guard let first = word.unicodeScalars.first, "+-.0123456789".unicodeScalars.contains(first),
      word.unicodeScalars.allSatisfy({ "+-.0123456789eE".unicodeScalars.contains($0) }),
      let value = Double(word), value.isFinite
    else { return nil }
    return value
  }

  /// "50%" as "0.5".
  static func percentage(_ word: String) -> String? {
    guard word.last == "%", let value = number(String(word.dropLast())) else { return nil }
    return String(value / 100)
  }

  /// "p99" as 99.
  static func percentile(_ word: String) -> Double? {
    guard word.first == "p", let percent = number(String(word.dropFirst())), (0...100).contains(percent) else {
      return nil
    }
    return percent
  }

  static func boolean(_ word: String) -> Bool? {
    switch word {
    case "true", "True", "TRUE": true
    case "false", "False", "FALSE": false
    default: nil
    }
  }

  static func isNone(_ word: String) -> Bool { ["none", "None", "NONE"].contains(word) }

  /// The bounds of `0..<100` or `0...99` as written, the upper one made exclusive; they may be out of order.
  static func range(_ word: String) -> (lower: Int, upper: Int)? {
    for (sign, isClosed) in [("..<", false), ("...", true)] {
      guard let (before, after) = split(word, at: sign), let lower = integer(before), let upper = integer(after) else {
        continue
      }
      if isClosed, upper == .max { return nil }
      return (lower, isClosed ? upper + 1 : upper)
    }
    return nil
  }

  /// `0:100` in our spelling.
  static func colonRange(_ word: String) -> String? {
    guard let (before, after) = split(word, at: ":"), let lower = integer(before), let upper = integer(after) else {
      return nil
    }
    return "\(lower)..<\(upper)"
  }

  /// `0..3`, `0-3`, `..<3` or `0:3` in our spelling.
  static func meantRange(_ word: String) -> String? {
    if word.hasPrefix("..<"), let upper = integer(String(word.dropFirst(3))), upper > 0 { return "0..<\(upper)" }
    guard let (before, after) = split(word, at: ":"), let lower = integer(before), let upper = integer(after),
      0 <= lower, lower < upper
    else { return nil }
    return "\(lower)..<\(upper)"
  }

  /// `10-19`, `10–19` or `10..19` in our spelling: in words and in most languages the last one is meant too.
  static func dashedRange(_ word: String) -> String? {
    for sign in ["..", "–", "-"] {
      guard let (before, after) = split(word, at: sign), let lower = integer(before), let upper = integer(after),
        0 <= lower, lower <= upper
      else { continue }
      return "\(lower)...\(upper)"
    }
    return nil
  }

  /// `feature12` or `logit_1` as it is written here.
  static func meantQuantity(_ word: String) -> (noun: String, index: Int)? {
    for noun in ["feature", "logit"] where word.lowercased().hasPrefix(noun) {
      let rest = word.dropFirst(noun.count).drop { "_-.=".contains($0) }
      if let index = integer(String(rest)), index >= 0 { return (noun, index) }
    }
    return nil
  }

  /// "20x" is 20.
  static func magnification(_ word: String) -> Double? {
    guard word.last == "x" || word.last == "X", let value = number(String(word.dropLast())), value > 0 else {
      return nil
    }
    return value
  }

  /// `20×`, `20 x` or `20x` in quotes, as it is written here.
  static func meantMagnification(_ text: String) -> String? {
    guard let sign = text.last, "xX×✕".contains(sign), let value = number(text.dropLast().filter { $0 != " " }),
      value > 0
    else { return nil }
    return text.dropLast().filter { $0 != " " } + "x"
  }

  /// `slide:index`, at the last ":".
  static func tile(_ word: String) -> (slide: String, index: Int)? {
    guard let colon = word.lastIndex(of: ":"), colon != word.startIndex,
      let index = integer(String(word[word.index(after: colon)...]))
    else { return nil }
    return (String(word[..<colon]), index)
  }

  /// `name.name`, as its parts.
  static func reference(_ word: String) -> [String]? {
    let parts = word.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    return parts.allSatisfy(isName) ? parts : nil
  }

  static func isName(_ word: String) -> Bool {
    guard let first = word.unicodeScalars.first, ScalarClass.isNameStart(first) else { return false }
    return word.unicodeScalars.allSatisfy(ScalarClass.isNameScalar)
  }

  /// What a view shows. Text in quotes is always a column.
  static func quantity(_ text: String, isQuoted: Bool) -> Quantity? {
    guard !isQuoted else { return .column(text) }
    switch text {
    case "prediction": return .prediction(head: nil)
    case "cluster": return .cluster
    case "uncertainty": return .uncertainty(head: nil)
    case "slide": return .slide
    case "region": return .region
    default: break
    }
    if text.hasPrefix("feature:") {
      let rest = String(text.dropFirst("feature:".count))
      guard let slash = rest.lastIndex(of: "/") else {
        return integer(rest).flatMap { $0 < 0 ? nil : .feature(layer: nil, index: $0) }
      }
      guard slash != rest.startIndex, let index = integer(String(rest[rest.index(after: slash)...])), index >= 0 else {
        return nil
      }
      return .feature(layer: String(rest[..<slash]), index: index)
    }
    if text.hasPrefix("prediction:") {
      let rest = String(text.dropFirst("prediction:".count))
      return rest.isEmpty ? nil : .prediction(head: rest)
    }
    if text.hasPrefix("uncertainty:") {
      let rest = String(text.dropFirst("uncertainty:".count))
      return rest.isEmpty ? nil : .uncertainty(head: rest)
    }
    if text.hasPrefix("logit:") {
      let rest = String(text.dropFirst("logit:".count))
      return rest.isEmpty ? nil : .logit(rest)
    }
    if text.hasPrefix("probability:") {
      let rest = String(text.dropFirst("probability:".count))
      return rest.isEmpty ? nil : .probability(rest)
    }
    return .column(text)
  }

  /// A number with a unit behind it, as its parts.
  static func numberWithUnit(_ word: String) -> (number: String, unit: String)? {
    let digits = word.unicodeScalars.prefix { "+-.0123456789".unicodeScalars.contains($0) }
    let unit = word.unicodeScalars.dropFirst(digits.count)
    guard !unit.isEmpty, number(String(digits)) != nil else { return nil }
    return (String(digits), String(unit))
  }

  static func split(_ word: String, at separator: String) -> (String, String)? {
    let text = Array(word.unicodeScalars)
    let sign = Array(separator.unicodeScalars)
    guard text.count > sign.count else { return nil }
    for start in 0...(text.count - sign.count) where Array(text[start..<start + sign.count]) == sign {
      var before = String.UnicodeScalarView()
      before.append(contentsOf: text[..<start])
      var after = String.UnicodeScalarView()
      after.append(contentsOf: text[(start + sign.count)...])
      return (String(before), String(after))
    }
    return nil
  }
}
