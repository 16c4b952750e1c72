import FeatureData
import Rendering

/// Some of the points of a map, spread over its slides, always the same ones.
struct PointSample {
  /// Ascending places among the points.
  let places: [Int]

  private static let seed: UInt64 = 42

  /// Each slide keeps its share of the points, and at least one where there is room for that.
  ///
  /// - Parameters:
  ///   - slides: of each point its slide.
  ///   - count: how many there are at most.
  init(of slides: [Int], count: Int) {
    guard count < slides.count else {
      places = Array(slides.indices)
      return
    }
    var members: [Int: [Int]] = [:]
    for (place, slide) in slides.enumerated() { members[slide, default: []].append(place) }
    let strata = members.sorted { $0.key < $1.key }
    let quotas = Self.quotas(strata.map(\.value.count), count: count)
    var chosen: [Int] = []
    chosen.reserveCapacity(count)
    for ((slide, var places), quota) in zip(strata, quotas) {
      var generator = SplitMix64(seed: Self.seed &+ UInt64(truncatingIfNeeded: slide))
      // The first of a shuffle, without shuffling the rest.
      for index in 0..<quota {
        places.swapAt(index, Int.random(in: index..<places.count, using: &generator))
      }
      chosen += places.prefix(quota)
    }
    places = chosen.sorted()
  }

  /// By largest remainders.
  private static func quotas(_ sizes: [Int], count: Int) -> [Int] {
    let total = sizes.reduce(0, +)
    let least = count >= sizes.count ? 1 : 0
    var quotas = sizes.map { max(least, $0 * count / total) }
    let order = sizes.indices.sorted {
      let (one, other) = (sizes[$0] * count % total, sizes[$1] * count % total)
      return (other, $0) < (one, $1)
    }
    var rest = count - quotas.reduce(0, +)
    while rest > 0 {
      for index in order where rest > 0 && quotas[index] < sizes[index] {
        quotas[index] += 1
        rest -= 1
      }
    }
    // A least of one may have given out too many; the largest slides miss them least.
    while rest < 0, let largest = quotas.indices.max(by: { quotas[$0] < quotas[$1] }) {
      quotas[largest] -= 1
      rest += 1
    }
    return quotas
  }
}

extension FeatureMap {
  /// The same map with some of its points, for pictures.
  ///
  /// - Parameter chosen: ascending places among the points.
  func showing(_ chosen: [Int]) -> FeatureMap {
    guard chosen.count < points.count else { return self }
    var elements: [Float] = []
    elements.reserveCapacity(chosen.count * coordinates.columnCount)
    for place in chosen { elements += coordinates.row(place) }
    var map = FeatureMap(
      features: features, points: chosen.map { points[$0] },
      coordinates: Matrix(rowCount: chosen.count, columnCount: coordinates.columnCount, elements: elements),
      layout: layout, axisNames: axisNames, remarks: remarks, labels: labels, isFromStore: isFromStore, ground: ground)
    map.isOfSlides = isOfSlides
    return map
  }

  /// So many of its points at most, and that these are not all.
  func sampled(_ count: Int?) -> (map: FeatureMap, note: String?) {
    guard let count, count < points.count else { return (self, nil) }
    let sample = PointSample(of: points.map(\.slide), count: count)
    return (
      showing(sample.places),
      "\(NumberText.grouped(count)) of \(NumberText.grouped(points.count)) \(isOfSlides ? "slides" : "tiles") are shown, by "
        + "chance, always the same ones" + (isOfSlides ? "." : ", each slide with its share.")
    )
  }
}
