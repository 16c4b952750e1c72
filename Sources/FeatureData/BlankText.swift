/// What a cell of a table is when nothing stands in it.
package enum BlankText {
  /// What slideflow 3 reads as blank, capital for capital: the texts that pandas takes for missing values.
  static let missing: Set<String> = [
    "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA",
    "NULL", "NaN", "None", "n/a", "nan", "null",
  ]
  private static let longest = 8

  /// Other ways in which people, Excel and registries say that there is no value; lower case. They are values, in
  /// slideflow as here, which must be said.
  private static let doubtful: Set<String> = [
    "-", "--", ".", "?", "missing", "not available", "[not available]", "[not applicable]", "[not evaluated]",
    "[unknown]", "#value!", "#ref!", "#div/0!", "#name?", "#num!", "#null!",
  ]

  /// True for a value that somebody may have meant as none, such as "na" or "-".
  package static func isDoubtful(_ text: String) -> Bool {
    guard text.utf8.count <= 16, !text.isBlankCell else { return false }
    let lower = text.withoutOuterBlanks.lowercased()
    return doubtful.contains(lower) || lowercasedMissing.contains(lower)
  }

  /// Such as "4 (NA)", "4 (3 NA, 1 empty)", or "4" of empty cells; nil for none.
  ///
  /// - Parameter blanks: how many there are, by what stands there; "" for nothing.
  package static func counted(_ blanks: [String: Int]) -> String? {
    let count = blanks.values.reduce(0, +)
    guard count > 0 else { return nil }
    let texts = blanks.keys.sorted { ($0.isEmpty ? 1 : 0, $0) < ($1.isEmpty ? 1 : 0, $1) }
    if texts == [""] { return "\(count)" }
    if texts.count == 1 { return "\(count) (\(texts[0]))" }
    return "\(count) (" + texts.map { "\(blanks[$0] ?? 0) \($0.isEmpty ? "empty" : $0)" }.joined(separator: ", ") + ")"
  }

  private static let lowercasedMissing = Set(missing.map { $0.lowercased() })

  fileprivate static func isMissing(_ text: String) -> Bool { text.utf8.count <= longest + 1 && missing.contains(text) }
}

extension String {
  /// Without blanks around it; a text that has none is given back as it is, which nearly all cells of a table are.
  package var withoutOuterBlanks: String {
    guard let first = utf8.first, let last = utf8.last else { return self }
    let isPlain = { (byte: UInt8) in byte > 0x20 && byte < 0x7F }
    if isPlain(first) && isPlain(last) { return self }
    var text = self[...]
    while text.first?.isWhitespace ?? false { text.removeFirst() }
    while text.last?.isWhitespace ?? false { text.removeLast() }
    return String(text)
  }

  /// True for nothing, blanks, and what slideflow 3 reads as blank, such as NA; blanks around it do not count.
  package var isBlankCell: Bool { BlankText.isMissing(withoutOuterBlanks) }
}
