import Analysis
import FeatureStore
import Testing

@testable import Workflows

@Suite struct MapKeyTests {
  private func key(
    features: String = "f", slides: String = "s", points: MapKey.Points = .tiles, pointCount: Int = 72,
    maxTiles: Int = 0, target: String? = nil, fitTiles: Int? = nil,
    _ change: (inout EmbeddingParameters) -> Void = { _ in }
  ) -> MapKey {
    var parameters = EmbeddingParameters()
    change(&parameters)
    return MapKey(
      features: features, slides: slides, points: points, pointCount: pointCount, maxTiles: maxTiles,
      parameters: parameters, target: target, fitTiles: fitTiles)
  }

  @Test func `keys that differ in anything have store keys of their own, and it is told in what`() {
    let others: [(MapKey, MapKey.Difference)] = [
      (key(features: "g"), .features), (key(slides: "t"), .slides), (key(points: .average), .points),
      (key(pointCount: 71), .points), (key(maxTiles: 5), .points), (key(target: "a"), .target),
      (key { $0.seed = .max }, .parameters), (key { $0.epochs = 200 }, .parameters),
      (key { $0.method = .pacmap }, .parameters), (key { $0.minDist = 0.100_000_000_000_000_02 }, .parameters),
    ]
    #expect(key().difference(from: key()) == nil)
    for (other, difference) in others { #expect(key().difference(from: other) == difference) }
    #expect(Set((others.map(\.0) + [key()]).flatMap(\.storeKeys).map(\.digest)).count == 3 * (others.count + 1))
  }

  @Test func `what is noted in a map gives its key back`() {
    let noted = key(points: .centroid, target: "a") { ($0.seed, $0.spread, $0.epochs) = (.max, 1.0 / 3, 7) }
    #expect(MapKey(noted: noted.storeKey.text) == noted)
    #expect(MapKey(noted: noted.storeKeys[1].text)?.difference(from: noted) == .version)
    // Keys of version 6 were lines of text.
    #expect(MapKey(noted: noted.storeKeys[2].text) == nil && noted.storeKeys[2].text.hasPrefix("map 6\n"))
  }

  @Test func `a map of an earlier version answers only where it compared tiles by the metric that is asked for`() {
    #expect(key().storeKeys.count == 3)
    // More tiles were compared on weighted components.
    #expect(key(pointCount: 2049).storeKeys.count == 1)
    #expect(key(pointCount: 2049) { $0.method = .pca }.storeKeys.count == 3)
    #expect(key { $0.componentCount = 50 }.storeKeys.count == 1)
    #expect(key(fitTiles: 50).storeKeys.count == 1)
    #expect(key(fitTiles: 50).difference(from: key()) == .parameters)
  }

  @Test func `a key of a version to come is told from this one`() throws {
    let text = key().storeKey.text.replacing(
      "\"version\" : \(MapKey.newest)", with: "\"version\" : \(MapKey.newest + 1)")
    #expect(try #require(MapKey(noted: text)).difference(from: key()) == .version)
  }
}
