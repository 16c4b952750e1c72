package import FeatureData

/// Whether features go with an outcome beyond what strata and covariates explain, by permutations within strata.
///
/// The statistic is the partial F of the outcome in a linear model with an intercept for each stratum and the covariates.
/// What that model leaves of a feature without the outcome is permuted within the strata, so that a difference between
/// strata counts for nothing. With strata alone that is to permute the outcomes of the units of each stratum.
///
/// Source: Freedman, Lane, "A nonstochastic interpretation of reported significance levels", 1983,
/// doi:10.1080/07350015.1983.10509354; in strata: Winkler, Ridgway, Webster, Smith, Nichols, "Permutation inference for
/// the general linear model", 2014, doi:10.1016/j.neuroimage.2014.01.060. p = (b + 1) / (m + 1): Phipson, Smyth,
/// "Permutation p-values should never be zero", 2010, doi:10.2202/1544-6115.1585.
package struct StratifiedPermutation: Sendable {
  private let strata: [[Int]]
  /// Orthonormal columns of the outcome, free of strata and covariates.
  private let outcome: [[Double]]
  /// Orthonormal columns of the covariates, free of strata.
  private let covariates: [[Double]]
  private let unitCount: Int
  private let permutationCount: Int
  private let seed: UInt64

  /// What of one feature goes with the outcome.
  package struct Feature: Sendable, Equatable {
    /// The partial F; its p is that of the permutations.
    package let test: TestOutcome
    /// Partial η²: the share of what strata and covariates leave.
    package let share: EffectSize
  }

  package enum Outcome: Sendable {
    case groups([Int], groupCount: Int)
    case numbers([Double])
  }

  /// - Parameters:
  ///   - strata: the stratum of each unit, from 0.
  ///   - covariates: numbers of each unit.
  package init(
    _ asked: Outcome, strata numbers: [Int], covariates: [[Double]] = [], permutations: Int, seed: UInt64
  ) {
    unitCount = numbers.count
    permutationCount = permutations
    self.seed = seed
    let strata = (0..<((numbers.max() ?? -1) + 1)).map { stratum in numbers.indices.filter { numbers[$0] == stratum } }
      .filter { !$0.isEmpty }
    self.strata = strata
    self.covariates = Self.basis(covariates, strata, beyond: [])
    let columns: [[Double]] =
      switch asked {
      case .numbers(let numbers): [numbers]
      case .groups(let groups, let count):
        (0..<count).filter { groups.contains($0) }.dropFirst().map { group in groups.map { $0 == group ? 1 : 0 } }
      }
    outcome = Self.basis(columns, strata, beyond: self.covariates)
  }

  /// How many columns of the outcome are left: 0 where each stratum has one outcome.
  package var freedom: Int { outcome.count }

  /// How many different arrangements of groups there are within the strata, as far as they can be counted; a smaller p than
  /// one over them cannot come out.
  package static func arrangementCount(groups: [Int], strata: [Int]) -> Double {
    var count = 1.0
    for stratum in Set(strata).sorted() {
      let members = groups.indices.filter { strata[$0] == stratum }.map { groups[$0] }
      var placed = 0
      for group in Set(members).sorted() {
        for member in 1...members.count(where: { $0 == group }) {
          placed += 1
          count *= Double(placed) / Double(member)
        }
      }
    }
    return count
  }

  /// - Parameter values: of a feature, by unit; called from several threads.
  /// - Throws: `WorkInterrupted`.
  /// - Complexity: O(permutations × units × features).
  package func compare(
    featureCount: Int, threads: Int? = nil, monitor: any WorkMonitor = SilentMonitor(),
    values: @Sendable (_ feature: Int) -> [Double]
  ) throws(WorkInterrupted) -> [Feature] {
    let width = 32
    return try FeatureComparison.each((featureCount + width - 1) / width, WorkerThreads(threads), monitor, size: 1) {
      block in
      let features = block * width..<min((block + 1) * width, featureCount)
      return compare(features.map(values), monitor)
    }.flatMap(\.self)
  }

  private func compare(_ features: [[Double]], _ monitor: any WorkMonitor) -> [Feature] {
    let width = features.count
    let within = Double(unitCount - strata.count - covariates.count - outcome.count)
    let residuals = features.map { Self.residual($0, strata, beyond: covariates) }
    let rest = residuals.map { $0.reduce(0) { $0 + $1 * $1 } }
    // Unit by unit, so that a permutation takes up whole rows.
    let rows = (0..<unitCount).flatMap { unit in residuals.map { $0[unit] } }
    var scratch = Scratch(width: width, columns: outcome.count + covariates.count)
    let seen = shares(rows, rest, Array(0..<unitCount), &scratch)
    var counts = [Int](repeating: 0, count: width)
    var order = Array(0..<unitCount)
    for permutation in 0..<permutationCount {
      if permutation & 255 == 0, monitor.isInterrupted { break }
      shuffle(&order, permutation)
      let drawn = shares(rows, rest, order, &scratch)
      // Arrangements that are the same but for the order of additions are ties.
      for feature in 0..<width where drawn[feature] >= seen[feature] * (1 - 1e-9) { counts[feature] += 1 }
    }
    return features.indices.map { feature in
      let reason: UndefinedTest? =
        !rest[feature].isFinite
        ? .notFinite
        : outcome.isEmpty
          ? .groupsFollowStrata : within < 1 ? .noFreedom : rest[feature] == 0 ? .constant : nil
      if let reason { return Feature(test: TestOutcome(undefined: reason), share: EffectSize(undefined: reason)) }
      // Where nothing is left within groups but roundings.
      let share = seen[feature] > 1 - 1e-13 ? 1 : seen[feature]
      let f = share / Double(outcome.count) / ((1 - share) / within)
      let p = Double(counts[feature] + 1) / Double(permutationCount + 1)
      return Feature(
        test: TestOutcome(statistic: f, degreesOfFreedom: [Double(outcome.count), within], p: p),
        share: EffectSize(
          share, share < 1 ? EffectSizes.shareInterval(f, Double(outcome.count), within) : nil))
    }
  }

  private struct Scratch {
    var sums: [Double]
    let width: Int
    init(width: Int, columns: Int) {
      self.width = width
      sums = [Double](repeating: 0, count: width * columns)
    }
  }

  /// By feature: the share of the permuted residuals that the outcome explains beyond the covariates.
  private func shares(_ rows: [Double], _ rest: [Double], _ order: [Int], _ scratch: inout Scratch) -> [Double] {
    let width = scratch.width
    scratch.sums.withUnsafeMutableBufferPointer { sums in
      sums.update(repeating: 0)
      rows.withUnsafeBufferPointer { rows in
        for (place, column) in (outcome + covariates).enumerated() {
          for unit in 0..<unitCount {
            let weight = column[unit]
            let (from, to) = (order[unit] * width, place * width)
            for feature in 0..<width { sums[to + feature] += weight * rows[from + feature] }
          }
        }
      }
    }
    return (0..<width).map { feature in
      func squares(_ columns: Range<Int>) -> Double {
        columns.reduce(0.0) { $0 + scratch.sums[$1 * width + feature] * scratch.sums[$1 * width + feature] }
      }
      let left = rest[feature] - squares(outcome.count..<outcome.count + covariates.count)
      return left > 0 ? squares(0..<outcome.count) / left : 0
    }
  }

  /// Each permutation has its own generator, so that every thread draws the same.
  private func shuffle(_ order: inout [Int], _ permutation: Int) {
    var generator = SplitMix64(seed: SplitMix64.mix(seed &+ UInt64(permutation) &* 0x9E37_79B9_7F4A_7C15))
    for stratum in strata {
      for place in stratum.indices { order[stratum[place]] = stratum[place] }
      for place in stride(from: stratum.count - 1, to: 0, by: -1) {
        let other = Int(generator.nextUnit() * Double(place + 1))
        order.swapAt(stratum[place], stratum[other])
      }
    }
  }

  /// What the means of strata, and orthonormal columns, leave of a column; exactly 0 of what is constant in each stratum.
  private static func residual(_ column: [Double], _ strata: [[Int]], beyond basis: [[Double]]) -> [Double] {
    var column = column
    for stratum in strata {
      let origin = column[stratum[0]]
      let offset = stratum.reduce(0.0) { $0 + (column[$1] - origin) } / Double(stratum.count)
      for unit in stratum { column[unit] = column[unit] - origin - offset }
    }
    for axis in basis {
      let part = zip(axis, column).reduce(0.0) { $0 + $1.0 * $1.1 }
      for unit in column.indices { column[unit] -= part * axis[unit] }
    }
    return column
  }

  /// Orthonormal columns of what strata and other columns leave; those that nothing is left of are dropped.
  private static func basis(_ columns: [[Double]], _ strata: [[Int]], beyond others: [[Double]]) -> [[Double]] {
    var basis: [[Double]] = []
    for column in columns {
      let scale = column.reduce(0) { $0 + $1 * $1 }
      // Twice, for what one pass leaves by rounding.
      let rest = residual(residual(column, strata, beyond: others + basis), strata, beyond: others + basis)
      let squares = rest.reduce(0) { $0 + $1 * $1 }
      guard squares > 1e-20 * scale, squares.isFinite else { continue }
      basis.append(rest.map { $0 / squares.squareRoot() })
    }
    return basis
  }
}
