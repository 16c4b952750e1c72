import FeatureData

/// The tiles that a map is fitted to, where the others are placed on it: from each slide in proportion to its tiles, one from
/// each of as many equal stretches of the slide's rows as are drawn from it.
struct FitSample {
  /// Places among the points, ascending.
  let indices: [Int]
  private let pointCount: Int
  private let perSlide: ClosedRange<Int>

  /// - Parameters:
  ///   - points: Slide by slide.
  ///   - count: Fewer than there are points.
  init(of points: [FeatureMap.Point], count: Int, seed: UInt64) {
    pointCount = points.count
    var slides: [Range<Int>] = []
    for index in points.indices {
      if index > 0 && points[index].slide == points[index - 1].slide {
        slides[slides.count - 1] = slides[slides.count - 1].lowerBound..<index + 1
      } else {
        slides.append(index..<index + 1)
      }
    }
    let quotas = Self.quotas(slides.map(\.count), of: count)
    var indices: [Int] = []
    indices.reserveCapacity(count)
    for (slide, quota) in zip(slides, quotas) {
      for part in 0..<quota {
        let first = slide.lowerBound + part * slide.count / quota
        let end = slide.lowerBound + (part + 1) * slide.count / quota
        let drawn = SplitMix64.mix(SplitMix64.mix(seed) &+ UInt64(first))
        indices.append(first + Int(drawn % UInt64(end - first)))
      }
    }
    self.indices = indices
    perSlide = (quotas.min() ?? 0)...(quotas.max() ?? 0)
  }

  /// In proportion, by the largest remainders; at least one of each slide where there are enough.
  private static func quotas(_ sizes: [Int], of count: Int) -> [Int] {
    let total = sizes.reduce(0, +)
    let least = count >= sizes.count ? 1 : 0
    var quotas = sizes.map { max(least, $0 * count / total) }
    let order = sizes.indices.sorted {
      let (a, b) = (sizes[$0] * count % total, sizes[$1] * count % total)
      return a != b ? a > b : $0 < $1
    }
    var missing = count - quotas.reduce(0, +)
    while missing != 0 {
      let before = missing
      for slide in missing > 0 ? order : order.reversed() {
        if missing > 0 && quotas[slide] < sizes[slide] {
          quotas[slide] += 1
          missing -= 1
        } else if missing < 0 && quotas[slide] > least {
          quotas[slide] -= 1
          missing += 1
        }
        if missing == 0 { break }
      }
      if missing == before { break }
    }
    return quotas
  }

  /// The places that are not among them, ascending.
  var others: [Int] {
    var next = 0
    return (0..<pointCount).filter { index in
      let isChosen = next < indices.count && indices[next] == index
      if isChosen { next += 1 }
      return !isChosen
    }
  }

  /// "12 a slide", "3 to 12 a slide".
  var shareText: String {
    let (low, high) = (perSlide.lowerBound, perSlide.upperBound)
    return (low == high ? "\(low)" : "\(low) to \(high)") + " a slide"
  }
}
