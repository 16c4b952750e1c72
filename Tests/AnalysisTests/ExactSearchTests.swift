import FeatureData
import Glibc
import Testing

@testable import Analysis

@Suite struct ExactSearchTests {
  /// In double precision, equally near rows by number.
  private func bruteForce(_ matrix: Matrix, row: Int, metric: DistanceMetric) -> [(distance: Double, row: Int)] {
    func values(_ row: Int) -> [Double] {
      let own = matrix.row(row).map(Double.init)
      let mean = metric == .correlation ? own.reduce(0, +) / Double(own.count) : 0
      return own.map { $0 - mean }
    }
    let own = values(row)
    return (0..<matrix.rowCount).filter { $0 != row }.map { other in
      var (squares, product, a, b) = (0.0, 0.0, 0.0, 0.0)
      for (x, y) in zip(own, values(other)) {
        squares += (x - y) * (x - y)
        product += x * y
        a += x * x
        b += y * y
      }
      let cosine = a == 0 && b == 0 ? 0 : a == 0 || b == 0 ? 1 : 1 - product / (a * b).squareRoot()
      return (metric == .euclidean ? squares.squareRoot() : cosine, other)
    }.sorted { ($0.distance, $0.row) < ($1.distance, $1.row) }
  }

  @Test(arguments: DistanceMetric.allCases)
  func `neighbours are those of a brute force search`(metric: DistanceMetric) throws {
    let matrix = SyntheticData.uniform(rows: 1300, columns: 7, seed: 3)
    let graph = try ExactSearch(metric: metric).neighbours(of: matrix, count: 12, monitor: SilentMonitor())
    for row in stride(from: 0, to: 1300, by: 37) {
      let expected = bruteForce(matrix, row: row, metric: metric)
      for place in 0..<12 {
        // Two rows may be equally near in single precision: then either may come first.
        #expect(abs(Double(graph.distances[row * 12 + place]) - expected[place].distance) < 1e-6)
      }
      #expect(Set(graph.neighbours(of: row)) == Set(expected.prefix(12).map { Int32($0.row) }))
    }
  }

  @Test func `equally near rows come by number, also among many duplicates`() throws {
    let matrix = Matrix(rowCount: 1500, columnCount: 3, elements: (0..<4500).map { Float($0 / 3 % 3) })
    let graph = try ExactSearch(metric: .euclidean).neighbours(of: matrix, count: 5, monitor: SilentMonitor())
    #expect(graph.neighbours(of: 0) == [3, 6, 9, 12, 15])
    #expect(graph.neighbours(of: 1499) == [2, 5, 8, 11, 14])
    #expect(graph.distances.allSatisfy { $0 == 0 })
  }

  @Test(arguments: DistanceMetric.allCases)
  func `the number of threads changes no bit`(metric: DistanceMetric) throws {
    let matrix = SyntheticData.uniform(rows: 1200, columns: 20, seed: 4)
    let one = try ExactSearch(metric: metric, threads: 1).neighbours(of: matrix, count: 9, monitor: SilentMonitor())
    let three = try ExactSearch(metric: metric, threads: 3).neighbours(of: matrix, count: 9, monitor: SilentMonitor())
    #expect(one == three)
  }

  @Test func `rows of zeros have a defined place under cosine`() throws {
    let matrix = Matrix(rowCount: 5, columnCount: 2, elements: [0, 0, 1, 0, 1, 0.1, 0, 0, -1, 0])
    let graph = try ExactSearch(metric: .cosine).neighbours(of: matrix, count: 4, monitor: SilentMonitor())
    #expect(graph.neighbours(of: 0) == [3, 1, 2, 4])
    #expect(graph.distances[0..<4] == [0, 1, 1, 1])
    #expect(graph.neighbours(of: 1) == [2, 0, 3, 4])
    #expect(abs(graph.distances[7] - 2) < 1e-6)
  }

  @Test(arguments: [Float(1e-30), 1e18, 3e37])
  func `very small and very large values lose no neighbour`(scale: Float) throws {
    let plain = SyntheticData.uniform(rows: 50, columns: 4, seed: 5)
    let scaled = Matrix(rowCount: 50, columnCount: 4, elements: plain.elements.map { $0 * scale })
    for metric in DistanceMetric.allCases {
      let search = ExactSearch(metric: metric)
      let (a, b) = (
        try search.neighbours(of: plain, count: 6, monitor: SilentMonitor()),
        try search.neighbours(of: scaled, count: 6, monitor: SilentMonitor())
      )
      #expect(a.indices == b.indices)
      #expect(b.distances.allSatisfy { $0.isFinite && $0 > 0 })
    }
  }

  @Test(arguments: [0, 1, 2, 3])
  func `few rows have as many neighbours as there are`(rows: Int) throws {
    let matrix = SyntheticData.uniform(rows: rows, columns: 3, seed: 6)
    let graph = try ExactSearch(metric: .euclidean).neighbours(of: matrix, count: 10, monitor: SilentMonitor())
    #expect(graph.rowCount == rows && graph.neighbourCount == max(0, rows - 1))
    #expect(graph.indices.count == rows * max(0, rows - 1))
  }

  @Test func `a number that is none names its row`() throws {
    var matrix = SyntheticData.uniform(rows: 40, columns: 3, seed: 8)
    matrix[33, 1] = .nan
    #expect(throws: AnalysisError.notFinite(row: 33, column: 1)) {
      try ExactSearch(metric: .cosine).neighbours(of: matrix, count: 3, monitor: SilentMonitor())
    }
  }
}
