import Glibc

/// How some values are spread: what a box, a violin or a histogram shows of them.
struct Distribution: Equatable, Sendable {
  /// Fewer values are shown as points with their median: quartiles of four say nothing.
  static let fewestForShape = 5

  /// Ascending, finite.
  let sorted: [Double]
  /// How many are not finite.
  let missingCount: Int

  init(_ values: [Float]) {
    sorted = values.filter(\.isFinite).map(Double.init).sorted()
    missingCount = values.count - sorted.count
  }

  var count: Int { sorted.count }
  var hasShape: Bool { count >= Self.fewestForShape }

  /// By linear interpolation between the sorted values, as NumPy's default. Nil of no values.
  func quantile(_ share: Double) -> Double? {
    guard let last = sorted.indices.last else { return nil }
    let place = share * Double(last)
    let index = Int(place)
    guard index < last else { return sorted[last] }
    return sorted[index] + (place - Double(index)) * (sorted[index + 1] - sorted[index])
  }

  var median: Double? { quantile(0.5) }

  /// From the farthest value below the box to that above it that lie within one and a half of its heights.
  ///
  /// Source: Tukey, "Exploratory data analysis", 1977.
  var whiskers: ClosedRange<Double>? {
    guard let lower = quantile(0.25), let upper = quantile(0.75) else { return nil }
    let reach = 1.5 * (upper - lower)
    guard
      let least = sorted.first(where: { $0 >= lower - reach }),
      let greatest = sorted.last(where: { $0 <= upper + reach })
    else { return nil }
    return min(least, lower)...max(greatest, upper)
  }

  /// What an axis must show: between the whiskers, or all of a few values.
  var reach: ClosedRange<Double>? {
    guard !hasShape, let least = sorted.first, let greatest = sorted.last else { return whiskers }
    return least...greatest
  }

  /// Density at evenly spaced places over the part of a range that has values, by a Gaussian kernel of Silverman's width; the
  /// greatest is 1.
  ///
  /// Nil where all those values are the same. Source: Silverman, "Density estimation for statistics and data analysis", 1986, eq. 3.31.
  func density(
    places: Int, within range: ClosedRange<Double>
  ) -> (values: [Double], least: Double, step: Double)? {
    let shown = sorted.filter(range.contains)
    guard let least = shown.first, let greatest = shown.last, greatest > least, places > 1 else { return nil }
    let mean = shown.reduce(0, +) / Double(shown.count)
    let deviation = (shown.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(shown.count - 1, 1))).squareRoot()
    let spread = ((quantile(0.75) ?? 0) - (quantile(0.25) ?? 0)) / 1.34
    let scale = spread > 0 ? min(deviation, spread) : deviation
    let width = 0.9 * scale * pow(Double(count), -0.2)
    let step = (greatest - least) / Double(places - 1)
    let counts = Self.binned(shown, places: places, least: least, step: step)
    let reach = min(max(Int((4 * width / step).rounded(.up)), 1), places)
    let kernel = (0...reach).map { exp(-0.5 * pow(Double($0) * step / max(width, step / 4), 2)) }
    var density = [Double](repeating: 0, count: places)
    for (place, weight) in counts.enumerated() where weight > 0 {
      for other in max(0, place - reach)...min(places - 1, place + reach) {
        density[other] += weight * kernel[abs(other - place)]
      }
    }
    let greatestDensity = density.max() ?? 1
    return (density.map { $0 / greatestDensity }, least, step)
  }

  /// Each value shared between the two places beside it.
  private static func binned(_ values: [Double], places: Int, least: Double, step: Double) -> [Double] {
    var counts = [Double](repeating: 0, count: places)
    for value in values {
      let place = min((value - least) / step, Double(places - 1))
      let index = min(Int(place), places - 2)
      let share = place - Double(index)
      counts[index] += 1 - share
      counts[index + 1] += share
    }
    return counts
  }

  /// How many values fall between neighbouring edges; the last bin holds its upper edge.
  func counts(between edges: [Double]) -> [Int] {
    guard edges.count > 1 else { return [] }
    var counts = [Int](repeating: 0, count: edges.count - 1)
    for value in sorted where value >= edges[0] && value <= edges[edges.count - 1] {
      let share = (value - edges[0]) / (edges[edges.count - 1] - edges[0])
      counts[min(Int(share * Double(counts.count)), counts.count - 1)] += 1
    }
    return counts
  }
}
