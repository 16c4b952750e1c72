import FeatureData

extension HeldOutRows {
  /// Log odds of one side for each row, from a classifier that has not seen it; NaN where that had one side only to learn
  /// from.
  ///
  /// A row that is left out takes its side's weight out of what stays, so that pure noise would be read wrongly more often
  /// than not. With `strata`, as many rows of the other side are therefore left out besides, of the same stratum as far as
  /// there are any: what stays is as balanced as before.
  ///
  /// - Parameters:
  ///   - isPositive: By row.
  ///   - strata: By row; nil leaves nothing out besides.
  ///   - seed: Which of the other side are.
  package func scores(
    isPositive: [Bool], strata: [Int]?, seed: UInt64, tolerance: Double = 1e-4
  ) -> [Double] {
    var result = [Double](repeating: .nan, count: rowCount)
    var generator = SplitMix64(seed: seed)
    for (index, fold) in folds.enumerated() {
      var training = fold.training
      if let strata {
        training = Self.balanced(fold, isPositive: isPositive, strata: strata, using: &generator)
      }
      coordinates[index].withUnsafeBufferPointer { values in
        // Without any spread there is one score for all.
        let none = [0.0]
        none.withUnsafeBufferPointer { none in
          guard let start = values.baseAddress ?? none.baseAddress,
            let model = LogisticRegression(
              rows: start, width: widths[index], chosen: training, isPositive: isPositive, tolerance: tolerance)
          else { return }
          for row in fold.test { result[row] = model.score(start + row * widths[index]) }
        }
      }
    }
    return result
  }

  /// What stays of a fold once as many of the one side as of the other are left out.
  static func balanced(
    _ fold: Fold, isPositive: [Bool], strata: [Int], using generator: inout SplitMix64
  ) -> [Int] {
    var removed: Set<Int> = []
    // Of each side how many more are to go, after each stratum has been balanced as far as it can be.
    var owed = (positive: 0, negative: 0)
    func take(_ count: Int, from candidates: [Int]) -> Int {
      let chosen = candidates.shuffled(using: &generator).prefix(count)
      removed.formUnion(chosen)
      return count - chosen.count
    }
    for stratum in Set(fold.test.map { strata[$0] }).sorted() {
      let positives = fold.test.count { strata[$0] == stratum && isPositive[$0] }
      let difference = 2 * positives - fold.test.count { strata[$0] == stratum }
      if difference == 0 { continue }
      let rest = take(
        abs(difference),
        from: fold.training.filter { strata[$0] == stratum && isPositive[$0] == (difference < 0) })
      if difference > 0 { owed.negative += rest } else { owed.positive += rest }
    }
    let settled = min(owed.positive, owed.negative)
    for (count, side) in [(owed.positive - settled, true), (owed.negative - settled, false)] where count > 0 {
      let candidates = fold.training.filter { isPositive[$0] == side && !removed.contains($0) }
      // The last of a side must stay, or nothing can be learned.
      _ = take(max(0, min(count, candidates.count - 1)), from: candidates)
    }
    return fold.training.filter { !removed.contains($0) }
  }
}
