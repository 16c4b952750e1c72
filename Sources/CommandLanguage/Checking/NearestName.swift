/// Finds the name that was probably meant.
package enum NearestName {
  /// The candidate nearest to a word by edit distance, if it is near enough to be worth proposing.
  ///
  /// The distance counts insertions, deletions, replacements and swaps of neighbours (Damerau 1964,
  /// doi:10.1145/363958.363994, in the restricted form); capitals count for nothing. At most a third of the
  /// letters may differ. A candidate that begins with the word comes before all others, the shortest first, then one
  /// that the word is but for an ending (`S1.svs`), and a sign at the end of the word (`HPV+`, `HER2-`) stands for the
  /// class that it means.
  ///
  /// - Complexity: O(candidates · m · n), words of more than 64 scalars are not compared.
  package static func nearest(to word: String, in candidates: some Sequence<String>) -> String? {
    let target = Array(word.lowercased().unicodeScalars)
    guard (1...64).contains(target.count) else { return nil }
    let candidates = Array(candidates)
    if target.count >= 2 {
      let begun = candidates.filter { $0.lowercased().unicodeScalars.starts(with: target) }
      if let shortest = begun.min(by: { $0.unicodeScalars.count < $1.unicodeScalars.count }) { return shortest }
    }
    if let dot = target.lastIndex(of: "."),
      let stem = candidates.first(where: { Array($0.lowercased().unicodeScalars) == Array(target[..<dot]) })
    {
      return stem
    }
    if let sign = target.last, let start = sign == "+" ? "pos" : "-−–".unicodeScalars.contains(sign) ? "neg" : nil,
      let meant = candidates.first(where: { $0.lowercased().hasPrefix(start) })
    {
      return meant
    }
    let limit = max(1, (target.count + 1) / 3)
    var best: (name: String, distance: Int)?
    for candidate in candidates {
      let letters = Array(candidate.lowercased().unicodeScalars.prefix(65))
      guard (1...64).contains(letters.count) else { continue }
      let distance = abs(letters.count - target.count) <= limit ? editDistance(target, letters) : Int.max
      if distance <= limit, distance < (best?.distance ?? .max), distance < target.count {
        best = (candidate, distance)
      }
    }
    if let best { return best.name }
    let start = String(word.lowercased().prefix(3))
    let sameClass = ["pos", "neg"].contains(start) ? candidates.filter { $0.lowercased().hasPrefix(start) } : []
    return sameClass.count == 1 ? sameClass[0] : nil
  }

  static func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    var beforeLast = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    for i in 0..<a.count {
      var row = [i + 1]
      for j in 0..<b.count {
        var cost = min(last[j] + (a[i] == b[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
        row.append(cost)
      }
      beforeLast = last
      last = row
    }
    return last[b.count]
  }
}
