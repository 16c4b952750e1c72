import FeatureData
import Testing

@testable import Workflows

@Suite("The union of tiles as polygons")
struct TileUnionTests {
  /// Squares of a grid, from a drawing: `#` is a tile.
  private func squares(_ rows: [String], side: Int) -> [TileLocation] {
    rows.enumerated().flatMap { y, row in
      row.enumerated().compactMap { x, mark in mark == "#" ? TileLocation(x: x * side, y: y * side) : nil }
    }
  }

  private func area(_ ring: [TileLocation]) -> Int {
    ring.indices.reduce(0) { sum, index in
      let (a, b) = (ring[index], ring[(index + 1) % ring.count])
      return sum + a.x * b.y - b.x * a.y
    }
  }

  /// Pixels covered by polygons, by the even-odd rule at their middles.
  private func pixels(_ union: TileUnion, width: Int, height: Int) -> Set<TileLocation> {
    func holds(_ ring: [TileLocation], _ x: Double, _ y: Double) -> Bool {
      ring.indices.count { index in
        let (a, b) = (ring[index], ring[(index + 1) % ring.count])
        return (Double(a.y) > y) != (Double(b.y) > y) && x < Double(a.x)
      } % 2 == 1
    }
    var covered: Set<TileLocation> = []
    for y in -5..<height {
      for x in -5..<width {
        let (cx, cy) = (Double(x) + 0.5, Double(y) + 0.5)
        let count = union.polygons.count { polygon in
          holds(polygon.outer, cx, cy) && !polygon.holes.contains { holds($0, cx, cy) }
        }
        #expect(count <= 1, "polygons overlap")
        if count == 1 { covered.insert(TileLocation(x: x, y: y)) }
      }
    }
    return covered
  }

  private func pixels(_ squares: [TileLocation], side: Int) -> Set<TileLocation> {
    Set(
      squares.flatMap { square in
        (0..<side).flatMap { y in (0..<side).map { TileLocation(x: square.x + $0, y: square.y + y) } }
      })
  }

  private func expectSimple(_ union: TileUnion) {
    for polygon in union.polygons {
      #expect(area(polygon.outer) > 0)
      for ring in [polygon.outer] + polygon.holes {
        #expect(Set(ring).count == ring.count, "a ring meets itself")
        for index in ring.indices {
          let (a, b, c) = (ring[index], ring[(index + 1) % ring.count], ring[(index + 2) % ring.count])
          #expect((a.x == b.x) != (b.x == c.x), "a corner at which nothing turns")
        }
      }
      for hole in polygon.holes { #expect(area(hole) < 0) }
    }
  }

  @Test("Tiles side by side are one outline, holes and islands in them are told apart")
  func nested() {
    let rows = ["#######", "#.....#", "#.###.#", "#.#.#.#", "#.###.#", "#.....#", "#######"]
    let union = TileUnion(corners: squares(rows, side: 4), side: 4)
    expectSimple(union)
    #expect(union.polygons.count == 2)
    #expect(union.polygons.allSatisfy { $0.holes.count == 1 && $0.outer.count == 4 && $0.holes[0].count == 4 })
    #expect(pixels(union, width: 30, height: 30) == pixels(squares(rows, side: 4), side: 4))
  }

  @Test("Tiles that touch at a corner are two polygons, and holes that do are two holes")
  func corners() {
    let apart = TileUnion(corners: squares(["#.", ".#"], side: 3), side: 3)
    expectSimple(apart)
    #expect(apart.polygons.count == 2)
    let holes = TileUnion(corners: squares(["####", "#.##", "##.#", "####"], side: 3), side: 3)
    expectSimple(holes)
    #expect(holes.polygons.count == 1 && holes.polygons[0].holes.count == 2)
    // Around the middle the outline comes back to a corner of its own.
    let rows = ["###.", "#.#.", "##.#", "...#"]
    let loop = TileUnion(corners: squares(["##.", "#.#", "###"], side: 3), side: 3)
    expectSimple(loop)
    #expect(loop.polygons.count == 1 && loop.polygons[0].holes.count == 1)
    let other = TileUnion(corners: squares(rows, side: 3), side: 3)
    expectSimple(other)
    #expect(pixels(other, width: 20, height: 20) == pixels(squares(rows, side: 3), side: 3))
  }

  @Test("Tiles that overlap, lie off any grid or twice in one place cover what they cover, pixel by pixel")
  func anywhere() {
    var generator = SplitMix64(seed: 3)
    for round in 0..<60 {
      let side = 1 + Int(generator.next() % 7)
      let squares = (0..<1 + Int(generator.next() % 40)).map { _ in
        TileLocation(x: Int(generator.next() % 30) - 5, y: Int(generator.next() % 30) - 5)
      }
      let union = TileUnion(corners: squares + squares.prefix(2), side: side)
      expectSimple(union)
      #expect(pixels(union, width: 40, height: 40) == pixels(squares, side: side), "round \(round)")
    }
    for round in 0..<40 {
      let rows = (0..<8).map { _ in String((0..<8).map { _ in generator.next() % 5 < 3 ? "#" : "." }) }
      let own = squares(rows, side: 2)
      guard !own.isEmpty else { continue }
      let union = TileUnion(corners: own, side: 2)
      expectSimple(union)
      #expect(pixels(union, width: 20, height: 20) == pixels(own, side: 2), "round \(round): \(rows)")
    }
  }
}
