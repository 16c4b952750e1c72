import FeatureData
import Testing

@testable import Analysis

/// Rows of which more copies exist than a row has neighbours.
@Suite struct EvenTiesTests {
  /// `groups` groups far apart, each of equal rows first and then of rows around them.
  private func data(
    groups: Int, copies: Int, around: Int, columns: Int = 12, seed: UInt64 = 3
  ) -> (matrix: Matrix, group: [Int]) {
    var generator = SplitMix64(seed: seed)
    var elements: [Float] = []
    for _ in 0..<groups {
      let centre = (0..<columns).map { _ in Float(5 * generator.nextNormal()) }
      for row in 0..<copies + around {
        elements += centre.map { row < copies ? $0 : $0 + Float(generator.nextNormal()) * 0.6 }
      }
    }
    let size = copies + around
    return (
      Matrix(rowCount: groups * size, columnCount: columns, elements: elements), (0..<groups * size).map { $0 / size }
    )
  }

  /// How far the farthest row lies from the middle of its group, as a share of the map.
  private func farthest(_ map: Matrix, _ group: [Int]) -> Float {
    let places = map.scaledToUnit()
    var result: Float = 0
    for own in Set(group) {
      let rows = group.indices.filter { group[$0] == own }
      let middle = (0..<2).map { axis in rows.map { places[$0, axis] }.sorted()[rows.count / 2] }
      for row in rows {
        let (x, y) = (places[row, 0] - middle[0], places[row, 1] - middle[1])
        result = max(result, (x * x + y * y).squareRoot())
      }
    }
    return result
  }

  @Test(arguments: DistanceMetric.allCases, [EmbeddingParameters.Method.umap, .pacmap])
  func `rows beside many copies stay beside them`(
    metric: DistanceMetric, method: EmbeddingParameters.Method
  ) throws {
    let (matrix, group) = data(groups: 4, copies: 70, around: 40)
    var parameters = EmbeddingParameters()
    parameters.metric = metric
    parameters.method = method
    parameters.neighbours = method == .umap ? 25 : 11
    let map = try Embedder(parameters).embed(matrix)
    #expect(map.notes == [.copies(count: 280)])
    #expect(farthest(map.coordinates, group) < 0.16)
  }

  @Test(arguments: [NeighbourMethod.Kind.exact, .descent], [DistanceMetric.euclidean, .cosine])
  func `copies are neighbours equally often`(kind: NeighbourMethod.Kind, metric: DistanceMetric) throws {
    let (matrix, group) = data(groups: 3, copies: 150, around: 60)
    func found(threads: Int, seed: UInt64 = 5) throws -> [[Int32]] {
      let rows = try MetricRows(FeatureRows(matrix), metric: metric)
      var search = NeighbourSearch(rows: rows, seed: seed, threads: WorkerThreads(threads), monitor: SilentMonitor())
      search.kind = kind
      let placed = try search.found(20).neighbours
      var result = [[Int32]](repeating: [], count: matrix.rowCount)
      for (place, row) in placed.order.enumerated() {
        result[Int(row)] = placed.graph.neighbours(of: place).map { placed.order[Int($0)] }
      }
      return result
    }
    let neighbours = try found(threads: 1)
    #expect(try found(threads: 4) == neighbours)
    #expect(try found(threads: 1, seed: 6) != neighbours)
    var counts = [Int](repeating: 0, count: matrix.rowCount)
    for (row, own) in neighbours.enumerated() {
      #expect(Set(own).count == 20 && !own.contains(Int32(row)))
      for other in own {
        #expect(group[Int(other)] == group[row])
        counts[Int(other)] += 1
      }
    }
    // By row number 20 copies of each group would have all, some hundred each.
    for own in 0..<3 {
      let ofCopies = counts[own * 210..<own * 210 + 150]
      let mean = Double(ofCopies.reduce(0, +)) / 150
      #expect(ofCopies.allSatisfy { Double($0) < 2.5 * mean && Double($0) > 0.2 * mean }, "\(ofCopies) around \(mean)")
    }
  }

  @Test func `rows on a lattice choose among equally near ones in all directions`() throws {
    let side = 30
    let matrix = Matrix(
      rowCount: side * side, columnCount: 2,
      elements: (0..<side * side).flatMap { [Float($0 % side), Float($0 / side)] })
    let rows = try MetricRows(FeatureRows(matrix), metric: .euclidean)
    let placed = try NeighbourSearch(rows: rows, seed: 1, threads: WorkerThreads(2), monitor: SilentMonitor())
      .found(2).neighbours
    var steps: [Int: Int] = [:]
    for (place, row) in placed.order.enumerated() where row % 30 > 0 && row % 30 < 29 && row > 30 && row < 870 {
      for other in placed.graph.neighbours(of: place) {
        steps[Int(placed.order[Int(other)]) - Int(row), default: 0] += 1
      }
    }
    #expect(Set(steps.keys) == [-side, -1, 1, side])
    #expect(steps.values.allSatisfy { $0 > 250 }, "\(steps)")
  }

  @Test func `only rows with the very same numbers count as copies`() throws {
    let copies = { (elements: [Float], metric: DistanceMetric) in
      let rows = try MetricRows(
        FeatureRows(Matrix(rowCount: elements.count / 2, columnCount: 2, elements: elements)), metric: metric)
      return try RowCopies(of: rows, threads: WorkerThreads(1), monitor: SilentMonitor())
    }
    let elements: [Float] = [1, 2, 3, 4, 1, 2, 2, 4, -0.0, 5, 0, 5]
    let euclidean = try copies(elements, .euclidean)
    #expect(euclidean.equalCount == 4 && euclidean.starts == [0, 2, 4])
    // Twice a row has its direction, but not its activations.
    let cosine = try copies(elements, .cosine)
    #expect(cosine.equalCount == 4 && Set(cosine.members) == [0, 2, 3, 4, 5])
    #expect(try copies([1, 2, 3, 4], .cosine).members.isEmpty)
  }
}
