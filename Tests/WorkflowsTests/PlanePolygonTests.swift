import FeatureData
import Testing

@testable import Workflows

@Suite("What lies in a polygon")
struct PlanePolygonTests {
  @Test("Edges and corners belong to it, and a part that is gone around twice does not")
  func border() throws {
    let square = try PlanePolygon([0, 0, 4, 0, 4, 4, 0, 4, 0, 0])
    #expect(square.cornerCount == 4)
    for (x, y) in [(0.0, 0.0), (4, 4), (2, 0), (4, 1), (0, 3), (2, 2), (1, 4)] { #expect(square.contains(x, y)) }
    for (x, y) in [(-0.01, 2.0), (4.01, 2), (2, 4.01), (.nan, 1)] { #expect(!square.contains(x, y)) }
    let star = try PlanePolygon([0, 3, 10, 3, 2, 9, 5, 0, 8, 9])
    #expect(!star.contains(5, 5) && star.contains(5, 1.5) && star.contains(1.5, 3.2))
    let bowTie = try PlanePolygon([0, 0, 2, 2, 2, 0, 0, 2])
    #expect(bowTie.contains(0.2, 1) && bowTie.contains(1.8, 1) && !bowTie.contains(1, 0.5) && bowTie.contains(1, 1))
  }

  @Test("Many points in a polygon of many corners are as by going over all of its edges")
  func bands() throws {
    var generator = SplitMix64(seed: 11)
    func random() -> Double { Double(generator.next() % 1_000_000) / 1_000_000 }
    let corners = (0..<500).map { _ in (random(), random()) }
    let polygon = try PlanePolygon(corners.flatMap { [$0.0, $0.1] })
    for _ in 0..<2000 {
      let (x, y) = (random() + 1e-7, random() + 1e-7)
      let crossings = corners.indices.count { index in
        let (a, b) = (corners[index], corners[(index + 1) % corners.count])
        return (a.1 > y) != (b.1 > y) && x < a.0 + (y - a.1) / (b.1 - a.1) * (b.0 - a.0)
      }
      #expect(polygon.contains(x, y) == (crossings % 2 == 1))
    }
  }

  @Test("What bounds no area is refused, and two corners are taken for an area")
  func refused() {
    func failure(_ corners: [Double]) -> WorkflowFailure? {
      #expect(throws: WorkflowFailure.self) { try PlanePolygon(corners) }
    }
    #expect(failure([0, 0, 1])?.message.contains("3 are given") == true)
    #expect(failure([3, 1, 0, 2])?.remedy == "area=[0, 1, 3, 2]")
    #expect(failure([0, 0, 1, 1, 2, 2])?.message.contains("lie on one line") == true)
    #expect(failure([0, 0, 1, 1, 0, 0, 1, 1])?.message.contains("this one has 2") == true)
  }
}
