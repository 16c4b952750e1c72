/// What the colours of a picture cannot show, in words that stand under it.
package enum ColourNote {
  /// Where more classes are drawn than colours can tell apart, or two of them have the same.
  ///
  /// - Parameter drawn: The class of each point, a place in `names`; others have none.
  /// - Parameter colours: The number of each name's colour; nil for its place.
  package static func classes(
    _ drawn: [Int], names: [String], colours: [Int]? = nil, hasShapes: Bool = false, label: String
  ) -> String? {
    var isDrawn = [Bool](repeating: false, count: names.count)
    for index in drawn where names.indices.contains(index) { isDrawn[index] = true }
    let shown = names.indices.filter { isDrawn[$0] }
    let subject = label.isEmpty ? "" : label + ": "
    let distinct = hasShapes ? PointShape.classCount : Palette.classCount
    var firstOfMark: [Int: Int] = [:]
    for index in shown {
      let mark = (colours?[index] ?? index) % distinct
      if let first = firstOfMark[mark] {
        let what = hasShapes ? "colours and shapes repeat" : "colours repeat"
        return subject + "\(what) after \(distinct) classes; \(names[first]) and \(names[index]) have the same."
      }
      firstOfMark[mark] = index
    }
    guard shown.count > Palette.distinctCount else { return nil }
    return subject
      + "\(shown.count) classes, more than the \(Palette.distinctCount) whose colours everybody can tell apart"
      + (hasShapes ? "; shapes tell them apart too." : ".")
  }

  /// How many values have the colour of an end that they lie behind.
  ///
  /// - Parameters:
  ///   - resolved: what decided on the ends; nil where they were given for all panels.
  ///   - noun: What has the values, in the plural: "points".
  static func beyond(
    _ values: [Float], range: ClosedRange<Double>, resolved: ValueScale.Resolved?, label: String, noun: String
  ) -> String? {
    let beyond = ValuesBeyond(values, range)
    let count = values.count(where: \.isFinite)
    func part(_ number: Int, _ side: String, _ end: Double, _ reason: String?) -> String? {
      guard number > 0 else { return nil }
      let text = end == 0 ? "0" : NumberText.significant(end, digits: 3)
      return
        "\(NumberText.grouped(number)) of \(NumberText.grouped(count)) \(noun) \(number == 1 ? "lies" : "lie") \(side) \(text)"
        + (reason.map { ", \($0)," } ?? "")
    }
    let hasReasons = resolved?.range == range
    let parts = [
      part(beyond.below, "below", range.lowerBound, hasReasons ? resolved?.lowReason : nil),
      part(beyond.above, "above", range.upperBound, hasReasons ? resolved?.highReason : nil),
    ].compactMap(\.self)
    guard !parts.isEmpty else { return nil }
    return
      "\(label): \(parts.joined(separator: " and ")) and \(beyond.below + beyond.above == 1 ? "has" : "have") the end's colour."
  }
}
