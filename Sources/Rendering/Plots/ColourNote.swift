/// What the colours of a picture cannot show, in words that stand under it.
package enum ColourNote {
  /// Where more classes are drawn than colours can tell apart, or two of them have the same.
  ///
  /// - Parameter drawn: The class of each point, a place in `names`; others have none.
  package static func classes(_ drawn: some Sequence<Int>, names: [String], label: String) -> String? {
    var isDrawn = [Bool](repeating: false, count: names.count)
    for index in drawn where names.indices.contains(index) { isDrawn[index] = true }
    let shown = names.indices.filter { isDrawn[$0] }
    let subject = label.isEmpty ? "" : label + ": "
    var firstOfColour: [Int: Int] = [:]
    for index in shown {
      if let first = firstOfColour[index % Palette.classCount] {
        return subject + "colours repeat after \(Palette.classCount) classes; \(names[first]) and \(names[index]) have "
          + "the same."
      }
      firstOfColour[index % Palette.classCount] = index
    }
    guard shown.count > Palette.distinctCount else { return nil }
    return subject
      + "\(shown.count) classes, more than the \(Palette.distinctCount) whose colours everybody can tell apart."
  }

  /// The share of a scale that nearly all values have to themselves where nothing is said.
  private static let leastShare = 0.2

  /// Where a few values set the ends of the scale, so that nearly all others have nearly the same colour.
  ///
  /// - Parameter noun: What has the values, in the plural: "points".
  package static func values(_ values: [Float], label: String, noun: String) -> String? {
    let sorted = values.filter(\.isFinite).sorted().map(Double.init)
    let count = sorted.count
    let cut = max(1, count / 100)
    guard count >= 10, let least = sorted.first, let greatest = sorted.last else { return nil }
    let (low, high) = (sorted[cut], sorted[count - 1 - cut])
    let span = high - low
    guard greatest > least, span < leastShare * (greatest - least) else { return nil }
    // What lies as far off as the others reach.
    let inside = sorted.filter { low - span <= $0 && $0 <= high + span }
    let beyond = count - inside.count
    guard let first = inside.first, let last = inside.last, beyond > 0 else { return nil }
    func text(_ value: Double) -> String { value == 0 ? "0" : NumberText.significant(value, digits: 3) }
    let place =
      if first == last {
        "are \(text(first))"
      } else if first == least {
        "lie at or below \(text(last))"
      } else if last == greatest {
        "lie at or above \(text(first))"
      } else {
        "lie between \(text(first)) and \(text(last))"
      }
    let percent = (Double(inside.count) / Double(count) * 1000).rounded(.down) / 10
    return "\(label): the range is set by \(NumberText.grouped(beyond)) of \(NumberText.grouped(count)) \(noun); "
      + "\(NumberText.short(percent)) % \(place)."
  }
}
