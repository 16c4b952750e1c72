/// How far two ways of grouping the same rows agree: 1 for the same groups, 0 for what chance gives.
///
/// Source: Hubert, Arabie, "Comparing partitions", 1985, doi:10.1007/BF01908075.
package enum AdjustedRandIndex {
  /// - Parameters:
  ///   - first: n numbers of groups; a row that is below 0 in either takes no part.
  ///   - second: As many.
  /// - Returns: nil for fewer than two rows. Two groupings that both say nothing (all rows in one group, or each in a group of
  ///   its own) agree.
  /// - Throws: `AnalysisError.countMismatch`.
  package static func of(_ first: [Int32], _ second: [Int32]) throws(AnalysisError) -> Double? {
    guard first.count == second.count else {
      throw .countMismatch(what: "labels", expected: first.count, got: second.count)
    }
    var pairs: [Pair: Int] = [:]
    var firstSizes: [Int32: Int] = [:]
    var secondSizes: [Int32: Int] = [:]
    var count = 0
    for (a, b) in zip(first, second) where a >= 0 && b >= 0 {
      pairs[Pair(a: a, b: b), default: 0] += 1
      firstSizes[a, default: 0] += 1
      secondSizes[b, default: 0] += 1
      count += 1
    }
    guard count > 1 else { return nil }
    func choices(_ sizes: some Sequence<Int>) -> Double {
      sizes.reduce(0.0) { $0 + Double($1) * Double($1 - 1) / 2 }
    }
    let together = choices(pairs.values)
    let (ofFirst, ofSecond) = (choices(firstSizes.values), choices(secondSizes.values))
    let all = Double(count) * Double(count - 1) / 2
    let expected = ofFirst * ofSecond / all
    let most = (ofFirst + ofSecond) / 2
    return most == expected ? 1 : (together - expected) / (most - expected)
  }

  private struct Pair: Hashable {
    let a: Int32
    let b: Int32
  }
}
