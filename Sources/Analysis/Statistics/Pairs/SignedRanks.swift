/// The ranks of differences by their size, apart from those that are 0.
struct SignedRanks: Sendable {
  private let count: Int
  /// Of differences that are 0.
  private let zeroCount: Int
  /// The ranks of the positive ones.
  private let positive: Double
  private let tieTerm: Double
  private let isFinite: Bool

  /// - Complexity: O(n log n).
  init(_ differences: [Double]) {
    isFinite = differences.allSatisfy(\.isFinite)
    let others = differences.filter { $0 != 0 }
    let ranks = Ranks(others.map(\.magnitude))
    count = others.count
    zeroCount = differences.count - others.count
    positive = zip(others, ranks.ranks).reduce(0.0) { $0 + ($1.0 > 0 ? $1.1 : 0) }
    tieTerm = ranks.tieTerm
  }

  private var total: Double { Double(count) * Double(count + 1) / 2 }
  private var reason: UndefinedTest? {
    if !isFinite { return .notFinite }
    if count + zeroCount < 2 { return .fewUnits(needed: 2) }
    return count == 0 ? .constant : nil
  }

  /// Two-sided: exact without ties and zeros of up to 50 differences, otherwise by the normal distribution with corrections
  /// for ties and continuity.
  ///
  /// Source: Wilcoxon, "Individual comparisons by ranking methods", 1945, doi:10.2307/3001968.
  func test(_ exact: SignedRankDistribution) -> TestOutcome {
    if let reason { return TestOutcome(undefined: reason) }
    let larger = max(positive, total - positive)
    if tieTerm == 0, zeroCount == 0, let tail = exact.survival(larger, count) {
      return TestOutcome(statistic: positive, p: min(1, 2 * tail))
    }
    let n = Double(count)
    let deviation = (n * (n + 1) * (2 * n + 1) / 24 - tieTerm / 48).squareRoot()
    let z = max(larger - total / 2 - 0.5, 0) / deviation
    return TestOutcome(statistic: positive, p: min(1, 2 * Distributions.normalSurvival(z)))
  }

  /// Source: Kerby, "The simple difference formula", 2014, doi:10.2466/11.IT.3.1.
  var rankBiserial: EffectSize {
    if let reason { return EffectSize(undefined: reason) }
    return EffectSize((2 * positive - total) / total, nil)
  }
}

/// The exact distribution of the sum of positive ranks without ties.
struct SignedRankDistribution: Sendable {
  static let largest = 50

  private let count: Int
  /// P(W ≥ w) by w; empty of more differences.
  private let tails: [Double]

  /// - Complexity: O(n³).
  init(count: Int) {
    self.count = count
    guard (1...Self.largest).contains(count) else {
      tails = []
      return
    }
    let total = count * (count + 1) / 2
    var ways = [Double](repeating: 0, count: total + 1)
    ways[0] = 1
    for rank in 1...count { for sum in stride(from: total, through: rank, by: -1) { ways[sum] += ways[sum - rank] } }
    var tails = [Double](repeating: 0, count: total + 1)
    var sum = 0.0
    let all = Double(1 << count)
    for place in ways.indices.reversed() {
      sum += ways[place]
      tails[place] = sum / all
    }
    self.tails = tails
  }

  /// Nil where it is not known.
  func survival(_ w: Double, _ differences: Int) -> Double? {
    differences == count && tails.indices.contains(Int(w)) ? tails[Int(w)] : nil
  }
}
