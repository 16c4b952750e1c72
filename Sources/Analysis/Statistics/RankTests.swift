/// Ranks of values, the mean of their places for equal ones, from 1.
struct Ranks: Sendable {
  let ranks: [Double]
  /// Σ (t³ − t) over runs of t equal values.
  let tieTerm: Double

  /// - Complexity: O(n log n).
  init(_ values: [Double]) {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var tieTerm = 0.0
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      for place in start..<end { ranks[order[place]] = Double(start + 1 + end) / 2 }
      tieTerm += RankSums.tieTerm(end - start)
      start = end
    }
    self.ranks = ranks
    self.tieTerm = tieTerm
  }
}

/// The ranks of one feature summed up by group.
struct RankSums: Sendable {
  let counts: [Int]
  let sums: [Double]
  /// Σ (t³ − t) over runs of t equal values.
  let tieTerm: Double

  init(counts: [Int], sums: [Double], tieTerm: Double) {
    self.counts = counts
    self.sums = sums
    self.tieTerm = tieTerm
  }

  init(_ ranks: Ranks, groups: [Int], groupCount: Int) {
    var counts = [Int](repeating: 0, count: groupCount)
    var sums = [Double](repeating: 0, count: groupCount)
    for (rank, group) in zip(ranks.ranks, groups) {
      counts[group] += 1
      sums[group] += rank
    }
    self.init(counts: counts, sums: sums, tieTerm: ranks.tieTerm)
  }

  static func tieTerm(_ run: Int) -> Double {
    let run = Double(run)
    return run * (run * run - 1)
  }

  var count: Int { counts.reduce(0, +) }
  var places: [Int] { counts.indices.filter { counts[$0] > 0 } }
  private var total: Double { Double(count) }
  /// Of all ranks from their mean; 0 where all values are equal.
  private var allSquares: Double { (total * (total * total - 1) - tieTerm) / 12 }
  private var betweenSquares: Double {
    places.reduce(0.0) { sum, group in
      let difference = sums[group] / Double(counts[group]) - (total + 1) / 2
      return sum + Double(counts[group]) * difference * difference
    }
  }

  private var reason: UndefinedTest? {
    places.count < 2 ? .fewerThanTwoGroups : allSquares > 0 ? nil : .constant
  }

  /// The Kruskal–Wallis test, corrected for ties, with the χ² distribution.
  ///
  /// Source: Kruskal, Wallis, "Use of ranks in one-criterion variance analysis", 1952,
  /// doi:10.1080/01621459.1952.10483441.
  func kruskal() -> TestOutcome {
    if let reason { return TestOutcome(undefined: reason) }
    let h = (total - 1) * betweenSquares / allSquares
    let degrees = Double(places.count - 1)
    return TestOutcome(statistic: h, degreesOfFreedom: [degrees], p: Distributions.chiSquaredSurvival(h, degrees))
  }

  /// ε² = H / (n − 1): the share of the ranks' sum of squares that lies between groups. Its interval is that of η² of the
  /// ranks.
  ///
  /// Source: Kelley, "An unbiased correlation ratio measure", 1935, doi:10.1073/pnas.21.9.554, in the form of Tomczak and
  /// Tomczak, "The need to report effect size estimates revisited", 2014; ranks in the place of values: Conover, Iman,
  /// "Rank transformations as a bridge", 1981, doi:10.1080/00031305.1981.10479327.
  func epsilonSquared() -> EffectSize {
    if let reason { return EffectSize(undefined: reason) }
    let share = min(betweenSquares / allSquares, 1)
    let (between, within) = (Double(places.count - 1), total - Double(places.count))
    guard within >= 1, share < 1 else { return EffectSize(share, nil) }
    let f = share / between / ((1 - share) / within)
    return EffectSize(share, EffectSizes.shareInterval(f, between, within))
  }

  // MARK: Two groups

  /// The first group, and the number of pairs in which it has the larger value, equal ones counting one half.
  private var pairs: (first: Int, second: Int, wins: Double)? {
    guard places.count == 2 else { return nil }
    let (first, second) = (counts[places[0]], counts[places[1]])
    return (first, second, sums[places[0]] - Double(first) * Double(first + 1) / 2)
  }

  private var pairReason: UndefinedTest? { places.count > 2 ? .moreThanTwoGroups : reason }

  /// The Mann–Whitney test, two-sided, with U of the first group: exact without ties where a group has at most 8 members,
  /// otherwise by the normal distribution with corrections for ties and continuity.
  ///
  /// Source: Mann, Whitney, "On a test of whether one of two random variables is stochastically larger than the other",
  /// 1947, doi:10.1214/aoms/1177730491.
  func mannWhitney(_ exact: MannWhitneyDistributions) -> TestOutcome {
    if let pairReason { return TestOutcome(undefined: pairReason) }
    guard let (first, second, wins) = pairs else { return TestOutcome(undefined: .fewerThanTwoGroups) }
    let larger = max(wins, Double(first) * Double(second) - wins)
    if isExact {
      return TestOutcome(statistic: wins, p: 2 * exact.survival(larger, first, second))
    }
    let product = Double(first) * Double(second)
    let deviation = (product / 12 * (total + 1 - tieTerm / (total * (total - 1)))).squareRoot()
    let z = (larger - product / 2 - 0.5) / deviation
    return TestOutcome(statistic: wins, p: min(1, 2 * Distributions.normalSurvival(z)))
  }

  /// True if the Mann–Whitney test has its exact distribution.
  var isExact: Bool { tieTerm == 0 && places.contains { counts[$0] <= 8 } }

  /// The probability that a member of the first group has a larger value than one of the second, equal ones counting one
  /// half: the area under the ROC curve.
  func areaUnderCurve() -> EffectSize {
    if places.count > 2 { return EffectSize(undefined: .moreThanTwoGroups) }
    guard let (first, second, wins) = pairs else { return EffectSize(undefined: .fewerThanTwoGroups) }
    let area = wins / (Double(first) * Double(second))
    return EffectSize(area, EffectSizes.areaInterval(area, first, second))
  }
}

/// Exact distributions of Mann and Whitney's U without ties, of the sizes of groups that were asked for in advance.
struct MannWhitneyDistributions: Sendable {
  /// P(U ≤ u) for u from 0 to the middle, by the sizes of the groups, the smaller first.
  private var tails: [Sizes: [Double]] = [:]
  private struct Sizes: Hashable {
    let small: Int
    let large: Int
    init(_ one: Int, _ other: Int) { (small, large) = (min(one, other), max(one, other)) }
  }

  /// The numbers of arrangements are the coefficients of Gauss's binomial ∏ (1 − qˡ⁺ⁱ) / (1 − qⁱ), i from 1 to the
  /// smaller size; up to the middle they rise, so that nothing is lost in the differences.
  ///
  /// - Complexity: O(s² l) for sizes s ≤ l.
  mutating func prepare(_ one: Int, _ other: Int) {
    let sizes = Sizes(one, other)
    guard sizes.small > 0, tails[sizes] == nil else { return }
    let middle = sizes.small * sizes.large / 2
    var counts = [Double](repeating: 0, count: middle + 1)
    counts[0] = 1
    var total = 1.0
    for i in 1...sizes.small {
      let step = sizes.large + i
      if step <= middle { for u in stride(from: middle, through: step, by: -1) { counts[u] -= counts[u - step] } }
      if i <= middle { for u in i...middle { counts[u] += counts[u - i] } }
      total *= Double(step) / Double(i)
    }
    var sum = 0.0
    tails[sizes] = counts.map { count in
      sum += count
      return sum / total
    }
  }

  /// P(U ≥ u) of a u that is at least the middle; NaN for sizes that were not prepared.
  func survival(_ u: Double, _ one: Int, _ other: Int) -> Double {
    guard let tail = tails[Sizes(one, other)] else { return .nan }
    let mirrored = Int(Double(one) * Double(other) - u)
    return tail.indices.contains(mirrored) ? tail[mirrored] : .nan
  }
}
