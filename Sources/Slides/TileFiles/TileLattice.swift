package import FeatureData

/// The regular grid on which the tiles of a slide lie.
package struct TileLattice: Sendable, Equatable {
  /// From one tile to the next, in the unit of the locations.
  package let step: Double

  private static let possible = 0...1_000_000_000
  /// Deviations of a location from its place on the grid that rounding explains.
  private static let tolerance = 1.01
  /// A finer grid cannot be told from rounding.
  private static let smallestStep = 6.0

  /// Finds the step from the differences of neighbouring columns and rows.
  ///
  /// It is the largest step of which nearly all differences are whole multiples, up to rounding: what the greatest
  /// common divisor is for exact numbers. A few locations may lie elsewhere. Nil for fewer than three tiles, or
  /// where there is no such grid.
  /// - Complexity: O(n log n) in the number of locations, of which ten thousand are looked at.
  package init?(_ locations: [TileLocation]) {
    let looked = locations.prefix(10_000).filter { Self.possible.contains($0.x) && Self.possible.contains($0.y) }
    guard looked.count >= 3 else { return nil }
    let differences = (Self.differences(looked.map(\.x)) + Self.differences(looked.map(\.y))).sorted()
    guard let smallest = Self.firstOfMany(differences) else { return nil }
    for part in 1...12 {
      let guess = Double(smallest) / Double(part)
      guard guess >= Self.smallestStep else { return nil }
      if let step = Self.refined(guess, differences) {
        self.step = step
        return
      }
    }
    return nil
  }

  /// Between neighbours among the different values, without those of far fewer tiles than is usual.
  private static func differences(_ values: [Int]) -> [Int] {
    var counts: [Int: Int] = [:]
    for value in values { counts[value, default: 0] += 1 }
    let usual = counts.values.sorted()[counts.count / 2]
    let sorted = counts.filter { $0.value * 10 >= usual }.keys.sorted()
    return zip(sorted.dropFirst(), sorted).map { $0 - $1 }
  }

  /// The smallest difference that strays do not explain: one in twenty may be smaller.
  private static func firstOfMany(_ differences: [Int]) -> Int? {
    differences.isEmpty ? nil : differences[differences.count / 20]
  }

  /// The step near a guess of which the differences are multiples; nil if they are not.
  private static func refined(_ guess: Double, _ differences: [Int]) -> Double? {
    // Long differences are of use only once the step is known well.
    var step = guess
    var total = 0.0
    var multiples = 0.0
    var misfits = 0
    for difference in differences.map(Double.init) {
      let multiple = (difference / step).rounded()
      guard multiple >= 1, abs(difference - multiple * step) <= tolerance + multiple * 0.02 else {
        misfits += 1
        continue
      }
      total += difference
      multiples += multiple
      step = total / multiples
    }
    // Two axes that agree by chance are no grid: the differences have to be clear multiples.
    guard multiples > 0, misfits * 20 <= differences.count, step >= smallestStep else { return nil }
    let off = differences.count { difference in
      let multiple = (Double(difference) / step).rounded()
      return abs(Double(difference) - multiple * step) > tolerance
    }
    return off * 20 <= differences.count ? step : nil
  }
}
