/// Where a percentile lies among sorted values: between two neighbours, as numpy's `linear` method has it.
struct PercentileRank {
  /// From 0; `upper` is the next, or the same at the end.
  let lower: Int
  let upper: Int
  /// From 0 to 1, from the lower neighbour to the upper.
  let fraction: Double

  /// - Precondition: `count` is above 0.
  init(percent: Double, count: Int) {
    let position = Double(count - 1) * percent / 100
    lower = Int(position)
    upper = min(lower + 1, count - 1)
    fraction = position - Double(lower)
  }

  func interpolate(_ low: Double, _ high: Double) -> Double { low + (high - low) * fraction }
}

/// Finds values by rank without sorting all: a histogram tells which few to sort.
struct RankedValues {
  private static let binCount = 4096

  var count: Int { values.count }

  private let values: UnsafeBufferPointer<Float>
  private let lowest: Float
  private let binsPerUnit: Float
  private let counts: [Int32]

  /// - Precondition: there are values, and all are finite.
  /// - Complexity: O(n)
  init(_ values: UnsafeBufferPointer<Float>) {
    self.values = values
    var (low, high) = (values[0], values[0])
    for value in values {
      low = value < low ? value : low
      high = value > high ? value : high
    }
    lowest = low
    // Values too close to be told apart share one bin.
    let binsPerUnit = Float(Self.binCount - 1) / (high - low)
    self.binsPerUnit = binsPerUnit.isFinite ? binsPerUnit : 0
    var counts = [Int32](repeating: 0, count: Self.binCount)
    for value in values { counts[Self.bin(value, low, self.binsPerUnit)] += 1 }
    self.counts = counts
  }

  /// Never falls as `value` rises, which is all that ranks need.
  private static func bin(_ value: Float, _ lowest: Float, _ binsPerUnit: Float) -> Int {
    min(Int((value - lowest) * binsPerUnit), binCount - 1)
  }

  /// The neighbours of a percentile.
  ///
  /// - Complexity: O(n + m log m), where m values share the bins of the two.
  func neighbours(of rank: PercentileRank) -> (lower: Float, upper: Float) {
    var (below, bin) = (0, 0)
    while below + Int(counts[bin]) <= rank.lower {
      below += Int(counts[bin])
      bin += 1
    }
    var (lastBin, through) = (bin, below + Int(counts[bin]))
    while through <= rank.upper {
      lastBin += 1
      through += Int(counts[lastBin])
    }
    var candidates: [Float] = []
    candidates.reserveCapacity(through - below)
    for value in values where bin...lastBin ~= Self.bin(value, lowest, binsPerUnit) { candidates.append(value) }
    candidates.sort()
    return (candidates[rank.lower - below], candidates[rank.upper - below])
  }

  /// numpy's `percentile`.
  func percentile(_ percent: Double) -> Double {
    let rank = PercentileRank(percent: percent, count: values.count)
    let (lower, upper) = neighbours(of: rank)
    return rank.interpolate(Double(lower), Double(upper))
  }
}
