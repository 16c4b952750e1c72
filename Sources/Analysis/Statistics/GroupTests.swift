import CBoostMath
package import FeatureData

/// The outcome of a one-way analysis of variance of one feature; all nil where it is undefined.
package struct FeatureTest: Sendable, Equatable {
  /// The ratio of mean squares between and within groups; +infinity where the groups differ and do not vary.
  package let f: Double?
  /// The probability of such an F or a larger one if all groups had one mean.
  package let p: Double?
  /// The effect size: the share of the sum of squares that lies between groups, 0 to 1.
  package let etaSquared: Double?

  package init(f: Double?, p: Double?, etaSquared: Double?) {
    self.f = f
    self.p = p
    self.etaSquared = etaSquared
  }

  package static let undefined = FeatureTest(f: nil, p: nil, etaSquared: nil)
}

/// Tests of whether a feature differs between groups.
package enum GroupTests {
  /// One-way analysis of variance of every column.
  ///
  /// Undefined (nil) for a feature that is the same everywhere, that holds a NaN or infinity, with fewer than two
  /// groups that have members, or with no more rows than groups.
  ///
  /// Source: Fisher, "Statistical methods for research workers", 1925, doi:10.1007/978-1-4612-4380-9_6.
  /// - Parameters:
  ///   - matrix: n × features.
  ///   - groups: n group numbers, from 0; numbers that do not occur are no groups.
  /// - Returns: One test a column.
  /// - Throws: `countMismatch`; `invalidParameter` for a negative group number.
  /// - Complexity: O(n × features).
  package static func analysisOfVariance(
    _ matrix: Matrix, groups: [Int]
  ) throws(AnalysisError) -> [FeatureTest] {
    try analysisOfVariance(
      matrix.elements.lazy.map(Double.init), rowCount: matrix.rowCount, columnCount: matrix.columnCount, groups: groups)
  }

  /// The same for values in double precision, row-major.
  static func analysisOfVariance(
    _ values: some RandomAccessCollection<Double>, rowCount: Int, columnCount: Int, groups: [Int]
  ) throws(AnalysisError) -> [FeatureTest] {
    guard groups.count == rowCount else {
      throw .countMismatch(what: "groups", expected: rowCount, got: groups.count)
    }
    if let negative = groups.first(where: { $0 < 0 }) {
      throw .invalidParameter(name: "groups", value: "\(negative)", allowed: "0 or more")
    }
    let groupCount = (groups.max() ?? -1) + 1
    var moments = [ColumnMoments](repeating: ColumnMoments(columnCount: columnCount), count: groupCount)
    for group in 0..<groupCount {
      let rows = groups.indices.filter { groups[$0] == group }
      moments[group] = ColumnMoments(values, columnCount: columnCount, rows: rows)
    }
    return analysisOfVariance(moments)
  }

  /// One test a column from the moments of each group.
  static func analysisOfVariance(_ groups: [ColumnMoments]) -> [FeatureTest] {
    let present = groups.filter { $0.count > 0 }
    let total = present.reduce(0) { $0 + $1.count }
    let columnCount = groups.first?.means.count ?? 0
    guard present.count >= 2, total > present.count else {
      return [FeatureTest](repeating: .undefined, count: columnCount)
    }
    let between = Double(present.count - 1)
    let within = Double(total - present.count)
    return (0..<columnCount).map { column in
      // Relative to the first group's mean nothing is lost when all means are large and close.
      let origin = present[0].means[column]
      let offset = present.reduce(0.0) { $0 + Double($1.count) * ($1.means[column] - origin) } / Double(total)
      var betweenSquares = 0.0
      var withinSquares = 0.0
      for group in present {
        let difference = group.means[column] - origin - offset
        betweenSquares += Double(group.count) * difference * difference
        withinSquares += group.squares[column]
      }
      let sum = betweenSquares + withinSquares
      guard sum > 0, sum.isFinite else { return .undefined }
      let f = (betweenSquares / between) / (withinSquares / within)
      return FeatureTest(f: f, p: boost_math_f_survival(f, between, within), etaSquared: betweenSquares / sum)
    }
  }

  /// P-values adjusted for the number of tests so that they bound the false discovery rate; undefined ones stay nil
  /// and do not count as tests.
  ///
  /// Source: Benjamini, Hochberg, "Controlling the false discovery rate", 1995,
  /// doi:10.1111/j.2517-6161.1995.tb02031.x.
  /// - Complexity: O(n log n).
  package static func adjustedPValues(_ p: [Double?]) -> [Double?] {
    let defined = p.indices.compactMap { index in p[index].map { (p: $0, index: index) } }
      .sorted { ($0.p, $0.index) < ($1.p, $1.index) }
    var adjusted = [Double?](repeating: nil, count: p.count)
    var smallest = 1.0
    for rank in defined.indices.reversed() {
      smallest = min(smallest, defined[rank].p * Double(defined.count) / Double(rank + 1))
      adjusted[defined[rank].index] = smallest
    }
    return adjusted
  }
}
