import CSIMDKernels
import FeatureData
import Testing

@testable import Analysis

@Suite struct NeighbourDescentTests {
  private func search(_ matrix: Matrix, _ metric: DistanceMetric, threads: Int? = nil) throws -> NeighbourSearch {
    let rows = try MetricRows(FeatureRows(matrix), metric: metric)
    var search = NeighbourSearch(rows: rows, seed: 42, threads: WorkerThreads(threads), monitor: SilentMonitor())
    search.kind = .descent
    search.settings.leafSize = 64
    return search
  }

  private func recall(_ graph: NeighbourGraph, _ exact: NeighbourGraph) -> Double {
    let found = (0..<exact.rowCount).reduce(0) {
      $0 + Set(graph.neighbours(of: $1)).intersection(exact.neighbours(of: $1)).count
    }
    return Double(found) / Double(exact.indices.count)
  }

  @Test(arguments: DistanceMetric.allCases)
  func `nearly all true neighbours are found without comparing all rows`(metric: DistanceMetric) throws {
    let matrix = SyntheticData.clustered(rows: 2500, columns: 24, clusters: 12, seed: 1).matrix
    let found = try search(matrix, metric).found(15)
    #expect(found.method == NeighbourMethod(kind: .descent, components: nil))
    let exact = try ExactSearch(metric: metric).neighbours(of: matrix, count: 15, monitor: SilentMonitor())
    #expect(recall(found.neighbours.byRow(), exact) > 0.98)
  }

  @Test(arguments: [NeighbourMethod.Kind.exact, .descent])
  func `candidates on principal components hold nearly all neighbours of full width`(
    kind: NeighbourMethod.Kind
  ) throws {
    let matrix = SyntheticData.clustered(rows: 2200, columns: 150, clusters: 8, seed: 7).matrix
    var search = try search(matrix, .cosine)
    search.kind = kind
    let found = try search.found(15)
    #expect(found.method == NeighbourMethod(kind: kind, components: NeighbourSearch.components))
    let exact = try ExactSearch(metric: .cosine).neighbours(of: matrix, count: 15, monitor: SilentMonitor())
    #expect(recall(found.neighbours.byRow(), exact) > 0.9)
    // Distances are those of full width, not of the components.
    for row in stride(from: 0, to: 2200, by: 97) {
      let near = exact.neighbours(of: row)[row * 15]
      let graph = found.neighbours.byRow()
      if graph.neighbours(of: row)[row * 15] == near {
        #expect(abs(graph.distances[row * 15] - exact.distances[row * 15]) < 1e-6)
      }
    }
  }

  @Test(arguments: [NeighbourMethod.Kind.exact, .descent], [Float(1), 40])
  func `neighbours are those of full width, and as many are found as is said`(
    kind: NeighbourMethod.Kind, noise: Float
  ) throws {
    // With much noise components do not hold the rows.
    let plain = SyntheticData.clustered(rows: 2400, columns: 200, clusters: 40, seed: 3).matrix
    let random = SyntheticData.uniform(rows: 2400, columns: 200, seed: 4)
    var matrix = Matrix(
      rowCount: 2400, columnCount: 200, elements: zip(plain.elements, random.elements).map { $0 + noise * $1 })
    for column in 0..<200 { matrix[1, column] = matrix[0, column] }
    let exact = try ExactSearch(metric: .euclidean).neighbours(of: matrix, count: 12, monitor: SilentMonitor())
    var search = try search(matrix, .euclidean)
    search.kind = kind
    let found = try search.found(12)
    let graph = found.neighbours.byRow()
    #expect(graph.neighbours(of: 0)[0] == 1 && graph.distances[0] == 0)
    let said = try #require(found.recall)
    #expect(abs(recall(graph, exact) - said) < 0.03)
    #expect(said > (kind == .exact ? 0.97 : 0.9), "\(said)")
    for entry in stride(from: 0, to: graph.distances.count, by: 97) where graph.indices[entry] == exact.indices[entry] {
      #expect(abs(graph.distances[entry] - exact.distances[entry]) <= 1e-4 * exact.distances[entry])
    }
  }

  @Test(arguments: [1, 14]) func `of noise all are compared with all where the search does not find enough`(
    count: Int
  ) throws {
    var generator = SplitMix64(seed: 8)
    let matrix = Matrix(
      rowCount: 4000, columnCount: 48, elements: (0..<4000 * 48).map { _ in Float(generator.nextNormal()) })
    let exact = try ExactSearch(metric: .cosine).neighbours(of: matrix, count: count, monitor: SilentMonitor())
    // Without the way out what is found is said all the same.
    let hasty = try search(matrix, .cosine).found(count)
    #expect(hasty.method.kind == .descent)
    #expect(abs(recall(hasty.neighbours.byRow(), exact) - (try #require(hasty.recall))) < 0.04)
    let rows = try MetricRows(FeatureRows(matrix), metric: .cosine)
    let found = try NeighbourSearch(rows: rows, seed: 42, threads: WorkerThreads(nil), monitor: SilentMonitor())
      .found(count)
    #expect(found.recall == 1 && recall(found.neighbours.byRow(), exact) > 0.999)
  }

  @Test func `a search on principal components finds nearly all neighbours`() throws {
    let matrix = SyntheticData.clustered(rows: 1000, columns: 150, clusters: 8, seed: 7).matrix
    let rows = try MetricRows(FeatureRows(matrix), metric: .cosine)
    let (all, threads) = (Array(0..<1000), WorkerThreads(nil))
    let components = try PrincipalComponents(
      of: rows, chosen: all, count: 100, threads: threads, monitor: SilentMonitor())
    let space = try SearchSpace(
      rows, chosen: all, components: components, threads: threads, monitor: SilentMonitor())
    let candidates = try BlockedSearch(space: space, threads: threads).candidates(45, monitor: SilentMonitor())
    let lists = try CandidateRanking(candidates: candidates, count: 15, threads: threads, monitor: SilentMonitor())
      .inFullWidth(MetricRows.Scattered(rows, order: space.order))
    let graph = try PlacedNeighbours(lists, rows: rows, order: space.order, count: 15, monitor: SilentMonitor()).byRow()
    let exact = try ExactSearch(metric: .cosine).neighbours(of: matrix, count: 15, monitor: SilentMonitor())
    #expect(recall(graph, exact) > 0.97)
  }

  @Test func `the number of threads changes no bit`() throws {
    let matrix = SyntheticData.clustered(rows: 2000, columns: 20, clusters: 5, seed: 2).matrix
    let one = try search(matrix, .euclidean, threads: 1).found(10).neighbours
    for threads in [2, 4] {
      let other = try search(matrix, .euclidean, threads: threads).found(10).neighbours
      #expect(other.graph == one.graph && other.order == one.order)
    }
  }

  @Test func `rows of zeros are each other's neighbours, and at 1 from the others`() throws {
    var matrix = SyntheticData.uniform(rows: 600, columns: 6, seed: 3)
    for row in stride(from: 0, to: 600, by: 20) { for column in 0..<6 { matrix[row, column] = 0 } }
    let graph = try search(matrix, .cosine).found(12).neighbours.byRow()
    for row in stride(from: 0, to: 600, by: 20) {
      #expect(graph.neighbours(of: row).allSatisfy { $0 % 20 == 0 && Int($0) != row })
      #expect(graph.distances[row * 12..<(row + 1) * 12].allSatisfy { $0 == 0 })
    }
    #expect(graph.neighbours(of: 1).allSatisfy { $0 % 20 != 0 })
  }

  @Test func `many equal rows are neighbours at distance 0`() throws {
    let matrix = Matrix(rowCount: 900, columnCount: 3, elements: (0..<2700).map { Float($0 / 3 % 3) })
    let graph = try search(matrix, .euclidean).found(8).neighbours.byRow()
    #expect(graph.distances.allSatisfy { $0 == 0 })
    for row in 0..<900 {
      #expect(Set(graph.neighbours(of: row)).count == 8 && !graph.neighbours(of: row).contains(Int32(row)))
    }
  }

  @Test func `leaves of a tree hold each place once and are of equal size`() throws {
    let matrix = SyntheticData.uniform(rows: 1001, columns: 4, seed: 4)
    let rows = try MetricRows(FeatureRows(matrix), metric: .euclidean)
    let space = try SearchSpace(
      rows, chosen: Array(0..<1001), components: nil, threads: WorkerThreads(2), monitor: SilentMonitor())
    let tree = try BisectionTree(space, leafSize: 100, seed: 1, threads: WorkerThreads(2), monitor: SilentMonitor())
    #expect(tree.places.sorted() == (0..<1001).map { Int32($0) })
    #expect(tree.leaves.map(\.count).allSatisfy { (62...63).contains($0) })
    #expect(tree.leaves.map(\.lowerBound).dropFirst().elementsEqual(tree.leaves.map(\.upperBound).dropLast()))
  }

  @Test func `sorting and selecting keys agree with the standard library`() {
    var generator = SplitMix64(seed: 5)
    for count in [0, 1, 2, 24, 25, 100, 1000] {
      var keys = (0..<count).map { _ in generator.next() >> 1 }
      let sorted = keys.sorted()
      var selected = keys
      simd_sort_keys(&keys, Int64(count))
      #expect(keys == sorted)
      if count > 3 {
        #expect(simd_select_smallest(&selected, Int64(count), 3) == sorted[2])
        #expect(Set(selected.prefix(3)) == Set(sorted.prefix(3)))
      }
    }
  }
}
