/// How numbers are to become colours.
package struct ValueScale: Sendable, Equatable {
  /// An end of the scale.
  package enum End: Sendable, Equatable {
    case value(Double)
    /// 0 to 100.
    case percentile(Double)
  }

  /// Nil for the least and the greatest value, or, where a few values would flatten all others, for a percentile.
  package var low: End?
  package var high: End?
  /// Whether zero means something. It is shown where values lie on both sides of it.
  package var diverges: Bool

  package init(low: End? = nil, high: End? = nil, diverges: Bool = false) {
    self.low = low
    self.high = high
    self.diverges = diverges
  }

  /// The scale for some values, and what was decided, in words.
  package struct Resolved: Equatable, Sendable {
    package let range: ClosedRange<Double>
    package let diverges: Bool
    /// The ends that are percentiles: "the 1st percentile".
    let lowReason: String?
    let highReason: String?
  }

  /// The percentile at which a scale is clipped where a few values would flatten the rest.
  private static let clipPercentile = 1.0
  /// The share of a scale that lies beyond the percentiles where it is clipped: four times as much as nearly all values take.
  private static let leastShare = 0.2
  private static let fewestClipped = 10

  /// Nil where no value is finite.
  package func resolved(_ values: [Float]) -> Resolved? {
    var least = Float.infinity
    var greatest = -Float.infinity
    var isAllFinite = true
    for value in values {
      if value.isFinite {
        if value < least { least = value }
        if value > greatest { greatest = value }
      } else {
        isAllFinite = false
      }
    }
    guard least <= greatest else { return nil }
    let finite = isAllFinite ? values : values.filter(\.isFinite)
    var low = Double(least)
    var high = Double(greatest)
    var (lowReason, highReason): (String?, String?) = (nil, nil)
    func percentile(_ percent: Double) -> Double { Self.percentile(percent, of: finite) }

    if self.low == nil || self.high == nil, finite.count >= Self.fewestClipped {
      let cut = max(Self.clipPercentile, 100 / Double(finite.count - 1))
      let (lower, upper) = (percentile(cut), percentile(100 - cut))
      let inner = upper - lower
      // Where nearly all are the same, the few others are what there is to see.
      if inner > 0, inner < Self.leastShare * (high - low) {
        // Only the end that reaches far out is clipped.
        if self.low == nil, lower - low > inner, lower > low {
          low = lower
          lowReason = "the \(Self.ordinal(cut)) percentile"
        }
        if self.high == nil, high - upper > inner, upper < high {
          high = upper
          highReason = "the \(Self.ordinal(100 - cut)) percentile"
        }
      }
    }
    switch self.low {
    case .value(let value)?: low = value
    case .percentile(let percent)?:
      low = percentile(percent)
      lowReason = "the \(Self.ordinal(percent)) percentile"
    case nil: break
    }
    switch self.high {
    case .value(let value)?: high = value
    case .percentile(let percent)?:
      high = percentile(percent)
      highReason = "the \(Self.ordinal(percent)) percentile"
    case nil: break
    }
    if low > high { if self.low != nil { high = low } else { low = high } }
    return Resolved(
      range: low...high, diverges: diverges && least < 0 && greatest > 0, lowReason: lowReason, highReason: highReason)
  }

  /// By linear interpolation between the sorted values.
  private static func percentile(_ percent: Double, of values: [Float]) -> Double {
    let place = min(max(percent, 0), 100) / 100 * Double(values.count - 1)
    let index = min(Int(place), values.count - 1)
    let lower = Selection.value(at: index, of: values)
    let share = place - Double(index)
    if share < 1e-12 { return Double(lower) }
    return Double(lower) + share * (Double(Selection.value(at: index + 1, of: values)) - Double(lower))
  }

  private static func ordinal(_ percent: Double) -> String {
    let rounded = (percent * 10).rounded() / 10
    let text = NumberText.short(rounded)
    guard rounded == rounded.rounded() else { return text + "th" }
    let number = Int(rounded)
    if (11...13).contains(number % 100) { return text + "th" }
    return text + ([1: "st", 2: "nd", 3: "rd"][number % 10] ?? "th")
  }
}

/// The value that would stand at a place if some were sorted, found without sorting them.
private enum Selection {
  /// By counting the values' bits, two bytes at a time. Values are finite.
  ///
  /// - Complexity: O(n).
  static func value(at place: Int, of values: [Float]) -> Float {
    func key(_ value: Float) -> UInt32 {
      let bits = value.bitPattern
      return bits & 0x8000_0000 == 0 ? bits | 0x8000_0000 : ~bits
    }
    var counts = [Int](repeating: 0, count: 65_536)
    for value in values { counts[Int(key(value) >> 16)] += 1 }
    var rest = place
    var upper = 0
    while rest >= counts[upper] {
      rest -= counts[upper]
      upper += 1
    }
    counts = [Int](repeating: 0, count: 65_536)
    for value in values where key(value) >> 16 == UInt32(upper) { counts[Int(key(value) & 0xFFFF)] += 1 }
    var lower = 0
    while rest >= counts[lower] {
      rest -= counts[lower]
      lower += 1
    }
    let bits = UInt32(upper) << 16 | UInt32(lower)
    return Float(bitPattern: bits & 0x8000_0000 == 0 ? ~bits : bits & 0x7FFF_FFFF)
  }
}
