/// The count, the mean and the sum of squared deviations of one feature in one group.
package struct GroupMoments: Sendable, Equatable {
  package let count: Int
  package let mean: Double
  /// Sum of squared deviations from the mean.
  let squares: Double

  /// The sample standard deviation; nil of fewer than two.
  package var standardDeviation: Double? { count > 1 ? (squares / Double(count - 1)).squareRoot() : nil }
  var variance: Double { squares / Double(count - 1) }

  init(count: Int, mean: Double, squares: Double) {
    self.count = count
    self.mean = mean
    self.squares = squares
  }

  /// Of values by group. Measured from the first value of a group, equal ones have no deviation at all.
  static func of(_ values: [Double], groups: [Int], groupCount: Int) -> [GroupMoments] {
    var counts = [Int](repeating: 0, count: groupCount)
    var origins = [Double](repeating: 0, count: groupCount)
    var offsets = origins
    for (value, group) in zip(values, groups) {
      if counts[group] == 0 { origins[group] = value }
      counts[group] += 1
      offsets[group] += value - origins[group]
    }
    for group in offsets.indices where counts[group] > 0 { offsets[group] /= Double(counts[group]) }
    var squares = [Double](repeating: 0, count: groupCount)
    for (value, group) in zip(values, groups) {
      let deviation = value - origins[group] - offsets[group]
      squares[group] += deviation * deviation
    }
    return counts.indices.map {
      GroupMoments(count: counts[$0], mean: origins[$0] + offsets[$0], squares: squares[$0])
    }
  }
}

/// The sums of squares of one feature between and within groups.
struct VarianceAnalysis: Sendable {
  /// Those with members, and which they are.
  let groups: [GroupMoments]
  let places: [Int]
  let betweenSquares: Double
  let withinSquares: Double

  var count: Int { groups.reduce(0) { $0 + $1.count } }
  var betweenFreedom: Double { Double(groups.count - 1) }
  var withinFreedom: Double { Double(count - groups.count) }
  /// +infinity where groups do not vary.
  var f: Double { (betweenSquares / betweenFreedom) / (withinSquares / withinFreedom) }

  /// Why there is no F; nil where there is one.
  var reason: UndefinedTest? {
    if groups.count < 2 { return .fewerThanTwoGroups }
    if !(betweenSquares + withinSquares).isFinite { return .notFinite }
    if betweenSquares + withinSquares == 0 { return .constant }
    return withinFreedom < 1 ? .noRepeats : nil
  }

  init(_ all: [GroupMoments]) {
    places = all.indices.filter { all[$0].count > 0 }
    groups = places.map { all[$0] }
    let total = Double(groups.reduce(0) { $0 + $1.count })
    // Relative to the first group's mean nothing is lost when all means are large and close.
    let origin = groups.first?.mean ?? 0
    let offset = groups.reduce(0.0) { $0 + Double($1.count) * ($1.mean - origin) } / total
    var between = 0.0
    for group in groups {
      let difference = group.mean - origin - offset
      between += Double(group.count) * difference * difference
    }
    // Equal means may differ from their own mean by a rounding.
    betweenSquares = groups.allSatisfy { $0.mean == origin } ? 0 : between
    withinSquares = groups.reduce(0) { $0 + $1.squares }
  }
}
