import Analysis
import FeatureData
import Testing

@Suite struct GridAssignmentTests {
  private static func points(_ count: Int, seed: UInt64) -> (x: [Float], y: [Float]) {
    var generator = SplitMix64(seed: seed)
    // Four heaps of different sizes, as maps have.
    let heaps: [(Float, Float, Float)] = [(0, 0, 0.3), (4, 1, 1), (1, 5, 0.5), (5, 6, 2)]
    var x: [Float] = []
    var y: [Float] = []
    for index in 0..<count {
      let heap = heaps[index % heaps.count]
      x.append(heap.0 + heap.2 * Float(generator.nextNormal()))
      y.append(heap.1 + heap.2 * Float(generator.nextNormal()))
    }
    return (x, y)
  }

  private static func permutations(_ items: [Int]) -> [[Int]] {
    items.isEmpty
      ? [[]] : items.flatMap { first in permutations(items.filter { $0 != first }).map { [first] + $0 } }
  }

  @Test func `an assignment costs as little as the best of all orders`() {
    var generator = SplitMix64(seed: 3)
    for count in 1...6 {
      for _ in 0..<20 {
        let costs = (0..<count * count).map { _ in (generator.nextUnit() * 20).rounded() }
        let workers = LinearAssignment(count: count, costs: costs).workers()
        #expect(workers.sorted() == Array(0..<count))
        let cost = workers.enumerated().reduce(0) { $0 + costs[$1.element * count + $1.offset] }
        let best = Self.permutations(Array(0..<count)).map { order in
          order.enumerated().reduce(0) { $0 + costs[$1.element * count + $1.offset] }
        }.min()
        #expect(cost == best)
      }
    }
  }

  @Test func `points that lie on a grid stay in their cells`() throws {
    let cells = try GridAssignment(
      x: (0..<630).map { Float($0 % 30) }, y: (0..<630).map { Float($0 / 30) }, columnCount: 30, rowCount: 21
    ).points()
    #expect(cells == Array(0..<630))
  }

  @Test func `each point has a cell, together nearly as near as the best of all grids`() throws {
    for (columns, rows) in [(20, 20), (31, 13)] {
      let (x, y) = Self.points(columns * rows, seed: 7)
      let grid = GridAssignment(x: x, y: y, columnCount: columns, rowCount: rows)
      let cells = try grid.points()
      #expect(cells.sorted() == Array(0..<columns * rows))
      // Squared distances of all points from all cells, by definition.
      func places(_ values: [Float], _ count: Int) throws -> [Double] {
        let least = Double(try #require(values.min()))
        let span = Double(try #require(values.max())) - least
        return values.map { (Double($0) - least) / span * Double(count) }
      }
      let (across, up) = (try places(x, columns), try places(y, rows))
      let costs = x.indices.flatMap { point in
        x.indices.map { cell in
          let dx = across[point] - Double(cell % columns) - 0.5
          let dy = up[point] - Double(cell / columns) - 0.5
          return dx * dx + dy * dy
        }
      }
      let best = grid.cost(LinearAssignment(count: x.count, costs: costs).workers())
      #expect(grid.cost(cells) >= best - 1e-6 && grid.cost(cells) <= best * 1.02, "\(grid.cost(cells)) \(best)")
    }
  }

  @Test func `neighbours on the map are neighbours on the grid far more often than by chance`() throws {
    let (x, y) = Self.points(900, seed: 11)
    let cells = try GridAssignment(x: x, y: y, columnCount: 30, rowCount: 30).points()
    func preserved(_ order: [Int]) throws -> Double {
      let map = Matrix(rowCount: 900, columnCount: 2, elements: order.flatMap { [x[$0], y[$0]] })
      let grid = Matrix(
        rowCount: 900, columnCount: 2, elements: (0..<900).flatMap { [Float($0 % 30), Float($0 / 30)] })
      return try #require(
        try MapQuality.measure(original: map, metric: .euclidean, map: grid).neighbourPreservation)
    }
    #expect(try preserved(cells) > 0.45)
    #expect(try preserved(Array(0..<900)) < 0.1)
  }

  @Test func `the grid is the same for any number of threads, and degenerate maps have one`() throws {
    let (x, y) = Self.points(1200, seed: 5)
    let grid = GridAssignment(x: x, y: y, columnCount: 40, rowCount: 30)
    #expect(try grid.points(threads: 1) == grid.points(threads: 4))
    for (columns, rows) in [(1, 1), (1, 7), (12, 1), (5, 3)] {
      let same = [Float](repeating: 2, count: columns * rows)
      let cells = try GridAssignment(x: same, y: same, columnCount: columns, rowCount: rows).points()
      #expect(cells.sorted() == Array(0..<columns * rows))
    }
  }

  @Test func `an interruption stops it`() {
    struct Interrupted: WorkMonitor {
      let isInterrupted = true
      func report(phase: String, unit: String, done: Int, total: Int) {}
    }
    let (x, y) = Self.points(400, seed: 2)
    #expect(throws: WorkInterrupted()) {
      try GridAssignment(x: x, y: y, columnCount: 20, rowCount: 20).points(monitor: Interrupted())
    }
  }

  @Test func `the curve over the plane goes from each place to one beside it`() {
    let side = 32
    let places = (0..<side * side).map { (x: $0 % side, y: $0 / side) }
    let sorted = places.sorted { one, other in
      func position(_ place: (x: Int, y: Int)) -> UInt32 {
        HilbertCurve.position(x: (Double(place.x) + 0.5) / Double(side), y: (Double(place.y) + 0.5) / Double(side))
      }
      return position(one) < position(other)
    }
    for (one, next) in zip(sorted, sorted.dropFirst()) {
      #expect(abs(one.x - next.x) + abs(one.y - next.y) == 1)
    }
  }
}
