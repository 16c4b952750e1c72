/// The parts that sentences are made of.
extension LanguageError {
  /// Text as code, shortened so that a sentence stays a sentence.
  static func code(_ text: String) -> String { "`" + clip(text) + "`" }

  /// A control character, which a terminal might obey, is shown as a blank.
  static func clip(_ text: String) -> String {
    let line = text.unicodeScalars.prefix(81).map {
      $0.value < 0x20 || (0x7F...0x9F).contains($0.value) ? " " : String($0)
    }
    return line.count <= 80 ? line.joined() : line.prefix(79).joined() + "…"
  }

  /// Text of any length without what a terminal might obey.
  static func legible(_ text: String) -> String {
    var view = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      let isControl = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
      view.append(isControl && scalar != "\n" && scalar != "\t" ? " " : scalar)
    }
    return String(view)
  }

  /// Longer lists are cut.
  private static let mostNames = 8

  static func enumerate(_ names: [String], last conjunction: String = "and") -> String {
    let shown = names.prefix(mostNames).map(clip)
    guard let final = shown.last, shown.count > 1 else { return shown.first ?? "nothing" }
    if names.count > shown.count { return shown.joined(separator: ", ") + ", … (\(names.count) in all)" }
    return shown.dropLast().joined(separator: ", ") + " \(conjunction) " + final
  }

  /// As `enumerate`, without a conjunction.
  static func listed(_ names: [String]) -> String {
    names.prefix(mostNames).map(clip).joined(separator: ", ") + (names.count > mostNames ? ", …" : "")
  }

  static func article(_ noun: String) -> String {
    noun.first.map { "aeiouAEIOU".contains($0) } == true ? "an" : "a"
  }

  /// "is a map", "holds features".
  static func being(_ phrase: String) -> String {
    (phrase.hasPrefix("a ") || phrase.hasPrefix("an ") ? "is " : "holds ") + phrase
  }

  static func count(_ number: Int) -> String {
    let words = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    return number < words.count ? words[number] : String(number)
  }

  static func hex(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  static func isBlankScalar(_ value: UInt32) -> Bool {
    Unicode.Scalar(value)?.properties.isWhitespace == true
  }

  static func unseenSentence(_ value: UInt32) -> String {
    isBlankScalar(value)
      ? "There is an unusual blank here (U+\(hex(value))); only spaces, tabs and no-break spaces count as blanks."
      : "There is an invisible mark here (U+\(hex(value))) that belongs to no word."
  }

  static func fileSentence(word: String, isFolder: Bool) -> String {
    let thing = isFolder ? "folder" : "file"
    let parts = word.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, let value = parts.first, let member = parts.last else {
      return "There is no value \(code(word)); a \(thing) of this name exists."
    }
    return
      "This reads as \(code(member)) of a value \(code(value)), which does not exist; a \(thing) of this name does."
  }

  static func rangeSentence(
    parameter: String, found: String, low: String?, high: String?, unit: String?
  ) -> String {
    let unit = unit.map { " " + $0 } ?? ""
    let bounds =
      switch (low, high) {
      case ("above 0"?, _): "above 0\(unit)"
      case (let low?, let high?): "between \(low) and \(high)\(unit)"
      case (let low?, nil): "at least \(low)\(unit)"
      case (nil, let high?): "at most \(high)\(unit)"
      case (nil, nil): "finite"
      }
    return "\(code(parameter)) is \(bounds), and \(code(found)) is not."
  }

  static func pastSentence(_ name: String, count: Int, isStored: Bool, _ ending: PastStatement.Ending) -> String {
    let statements = "the statement\(count == 1 ? "" : "s") below"
    let start = "There is no \(code(name)) yet. "
    let last = count == 1 ? "it" : "the last"
    switch ending {
    case .completed, .failed:
      return start + "It was made by \(statements)" + (isStored ? "; its result is in the store." : ".")
    case .interrupted: return start + "It is made by \(statements); \(last) was interrupted."
    case .unfinished:
      return start + "It is made by \(statements); \(last) was begun and did not end: its session was stopped, or "
        + "runs it still."
    }
  }

  static func nameSentence(_ name: String, noun: String, known: [String]) -> String {
    let start = "There is no \(noun) \(code(name))"
    guard known.count > 1 else {
      return start + (known.first.map { "; the only one is \(clip($0))." } ?? "; there is none at all.")
    }
    return start + "; the \(plural(noun)) are \(enumerate(known))."
  }

  static func plural(_ noun: String) -> String { noun + (noun.hasSuffix("s") ? "es" : "s") }

  /// The bound that a number out of range is nearest to.
  static func nearestBound(to found: String, low: String?, high: String?) -> String? {
    if let high, let value = WordReading.number(found), let top = WordReading.number(high), value > top { return high }
    return low == "above 0" ? "1" : low ?? high
  }

  /// `site=A` in a map, as it is written there.
  static func pair(from key: String) -> (key: String, value: String) {
    let parts = key.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let value = parts.count > 1 ? String(parts[1].drop { $0 == "=" }) : ""
    return (parts[0], value.isEmpty ? "VALUE" : value)
  }

  /// A path with an ending that is allowed, in quotes if it needs them.
  static func withExtension(_ path: String, _ allowed: [String]) -> String {
    let own = PathSearch.fileExtension(of: path)
    let stem = own.map { String(path.dropLast($0.count + 1)) } ?? path
    return ScalarSyntax.spelling(of: stem + "." + (allowed.first ?? ""))
  }

  static func categorySentence(name: String, column: String, known: [CountedName]) -> String {
    let start = "No slide has \(clip(column)) \"\(clip(name))\""
    guard !known.isEmpty else { return start + "; the column is empty." }
    let shown = known.prefix(mostNames).map { clip($0.name) + ($0.count.map { " (\($0))" } ?? "") }
    let rest = known.count > shown.count ? ", … (\(known.count) in all)" : ""
    return start + "; the values are " + shown.joined(separator: ", ") + rest + "."
  }
}
