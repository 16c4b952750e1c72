import FeatureData
import Glibc
import Testing

@testable import Analysis

@Suite struct KMeansTests {
  /// Plain Lloyd iterations in double precision from rows drawn at random.
  private func referenceInertia(_ matrix: Matrix, clusters: Int, starts: Int) -> Double {
    let (n, d) = (matrix.rowCount, matrix.columnCount)
    var generator = SplitMix64(seed: 77)
    var best = Double.infinity
    for _ in 0..<starts {
      var centres = (0..<n).shuffled(using: &generator).prefix(clusters).map { matrix.row($0).map(Double.init) }
      var inertia = Double.infinity
      while true {
        var sums = [[Double]](repeating: [Double](repeating: 0, count: d), count: clusters)
        var counts = [Double](repeating: 0, count: clusters)
        var total = 0.0
        for row in 0..<n {
          let values = matrix.row(row).map(Double.init)
          let distances = centres.map { zip($0, values).reduce(0.0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } }
          let nearest = distances.indices.min { distances[$0] < distances[$1] } ?? 0
          total += distances[nearest]
          counts[nearest] += 1
          for c in 0..<d { sums[nearest][c] += values[c] }
        }
        if total >= inertia { break }
        inertia = total
        for cluster in 0..<clusters where counts[cluster] > 0 {
          centres[cluster] = sums[cluster].map { $0 / counts[cluster] }
        }
      }
      best = min(best, inertia)
    }
    return best
  }

  private func inertia(_ matrix: Matrix, _ clusters: KMeans.Clusters) -> Double {
    (0..<matrix.rowCount).reduce(0.0) { sum, row in
      zip(matrix.row(row), clusters.centres.row(Int(clusters.labels[row]))).reduce(sum) {
        $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1))
      }
    }
  }

  @Test(arguments: [3, 7])
  func `inertia is no worse than that of many plain starts`(k: Int) throws {
    let data = [
      SyntheticData.uniform(rows: 40, columns: 2, seed: 1), SyntheticData.uniform(rows: 50, columns: 5, seed: 2),
      SyntheticData.clustered(rows: 60, columns: 3, clusters: 5, seed: 3).matrix,
    ]
    for matrix in data {
      let clusters = try KMeans(clusterCount: k, restarts: 100).cluster(matrix)
      // Where there are no clusters, which of many nearly equal ends is reached is a matter of luck.
      #expect(clusters.inertia <= referenceInertia(matrix, clusters: k, starts: 100) * 1.005)
      #expect(abs(inertia(matrix, clusters) / clusters.inertia - 1) < 1e-5)
      #expect(clusters.isConverged)
    }
  }

  @Test func `in one dimension no way to cut the sorted values is better`() throws {
    var generator = SplitMix64(seed: 21)
    let values = (0..<24).map { _ in Float(generator.nextUnit()) }
    // In one dimension the best clusters are runs of the sorted values.
    let sorted = values.sorted().map(Double.init)
    func spread(_ run: ArraySlice<Double>) -> Double {
      let mean = run.reduce(0, +) / Double(run.count)
      return run.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    }
    var best = Double.infinity
    for a in 1..<22 {
      for b in a + 1..<23 {
        for c in b + 1..<24 {
          best = min(best, spread(sorted[..<a]) + spread(sorted[a..<b]) + spread(sorted[b..<c]) + spread(sorted[c...]))
        }
      }
    }
    let clusters = try KMeans(clusterCount: 4, restarts: 20).cluster(
      Matrix(rowCount: 24, columnCount: 1, elements: values))
    #expect(abs(clusters.inertia / best - 1) < 1e-5)
  }

  @Test func `clusters that lie apart are found, and numbered by size`() throws {
    let (matrix, labels) = SyntheticData.clustered(rows: 1300, columns: 20, clusters: 6, seed: 4)
    let kept = (0..<1300).filter { labels[$0] < 3 || $0.isMultiple(of: labels[$0]) }
    let chosen = Matrix(rowCount: kept.count, columnCount: 20, elements: kept.flatMap { matrix.row($0) })
    let clusters = try KMeans(clusterCount: 6).cluster(chosen)
    #expect(try #require(try AdjustedRandIndex.of(clusters.labels, kept.map { Int32(labels[$0]) })) == 1)
    #expect(clusters.sizes == clusters.sizes.sorted(by: >) && clusters.sizes.reduce(0, +) == kept.count)
    for number in 0..<6 { #expect(clusters.labels.count { $0 == Int32(number) } == clusters.sizes[number]) }
    let firstRows = (0..<6).compactMap { clusters.labels.firstIndex(of: Int32($0)) }
    for number in 1..<6 where clusters.sizes[number] == clusters.sizes[number - 1] {
      #expect(firstRows[number] > firstRows[number - 1])
    }
  }

  @Test func `each centre is the mean of its rows, and each row is with its nearest centre`() throws {
    let matrix = SyntheticData.uniform(rows: 700, columns: 4, seed: 5)
    let clusters = try KMeans(clusterCount: 9, restarts: 1).cluster(matrix)
    for cluster in 0..<9 {
      let rows = (0..<700).filter { clusters.labels[$0] == Int32(cluster) }
      for column in 0..<4 {
        let mean = rows.reduce(0.0) { $0 + Double(matrix[$1, column]) } / Double(rows.count)
        #expect(abs(Double(clusters.centres[cluster, column]) - mean) < 1e-6)
      }
    }
    for row in 0..<700 {
      let distances = (0..<9).map { cluster in
        zip(matrix.row(row), clusters.centres.row(cluster)).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      }
      #expect(distances[Int(clusters.labels[row])] <= (distances.min() ?? 0) + 1e-5)
    }
  }

  @Test(arguments: [(1300, 70, 5), (2100, 3, 17)])
  func `the number of threads changes no bit`(rows: Int, columns: Int, k: Int) throws {
    let matrix = SyntheticData.uniform(rows: rows, columns: columns, seed: 6)
    func clusters(_ threads: Int) throws -> KMeans.Clusters {
      try KMeans(clusterCount: k, restarts: 2, maxIterations: 6, threads: threads).cluster(matrix)
    }
    let one = try clusters(1)
    #expect(one.clusterCount == k)
    #expect(try clusters(2) == one)
    #expect(try clusters(4) == one)
  }

  @Test func `more clusters than distinct rows give one cluster for each of these`() throws {
    let matrix = Matrix(rowCount: 900, columnCount: 2, elements: (0..<1800).map { Float($0 / 2 % 4 * 10) })
    let clusters = try KMeans(clusterCount: 12).cluster(matrix)
    #expect(clusters.clusterCount == 4 && clusters.sizes == [225, 225, 225, 225])
    #expect(clusters.labels == (0..<900).map { Int32($0 % 4) })
    #expect(clusters.inertia == 0 && clusters.isConverged)
    for row in 0..<4 { #expect(clusters.centres[row, 0] == Float(row * 10)) }
    let alike = try KMeans(clusterCount: 3).cluster(
      Matrix(rowCount: 5, columnCount: 1, elements: [Float](repeating: 0.1, count: 5)))
    #expect(alike.sizes == [5] && alike.inertia < 1e-12 && abs(alike.centres[0, 0] - 0.1) < 1e-7)
  }

  @Test func `as many clusters as rows give each its own`() throws {
    let matrix = SyntheticData.uniform(rows: 60, columns: 3, seed: 8)
    let clusters = try KMeans(clusterCount: 60).cluster(matrix)
    #expect(clusters.labels == (0..<60).map { Int32($0) } && clusters.inertia < 1e-12)
  }

  @Test func `a cluster that loses its rows gets the farthest`() throws {
    let matrix = Matrix(rowCount: 5, columnCount: 1, elements: [0, 1, 2, 3, 40])
    let step = KMeansStep(
      rows: try ScaledRows(FeatureRows(matrix), threads: WorkerThreads(1), monitor: SilentMonitor()), clusterCount: 3,
      threads: WorkerThreads(1),
      monitor: SilentMonitor())
    // Around the mean, all rows are nearest to the first of the two centres at 0.
    #expect(try step.labels([-20, 0, 0]) == [2, 1, 1, 1, 0])
  }

  @Test func `among more centres than one product takes the nearest is found`() throws {
    let (matrix, centres) = (
      SyntheticData.uniform(rows: 290, columns: 3, seed: 13), SyntheticData.uniform(rows: 1100, columns: 3, seed: 14)
    )
    let rows = try ScaledRows(FeatureRows(matrix), threads: WorkerThreads(1), monitor: SilentMonitor())
    let step = KMeansStep(rows: rows, clusterCount: 1100, threads: WorkerThreads(2), monitor: SilentMonitor())
    let labels = try step.nearestCentres(centres.elements)
    var own = [Float](repeating: 0, count: 3)
    for row in 0..<290 {
      own.withUnsafeMutableBufferPointer { rows.read(row: row, into: $0) }
      let distances = (0..<1100).map { centre in
        zip(own, centres.row(centre)).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      }
      #expect(distances[Int(labels[row])] <= (distances.min() ?? 0) + 1e-6)
    }
  }

  @Test(arguments: [Float(1e-38), 1e-20, 1e18, 1e37])
  func `very small and very large values give the same clusters`(scale: Float) throws {
    let plain = SyntheticData.clustered(rows: 200, columns: 4, clusters: 4, seed: 9).matrix
    let scaled = Matrix(rowCount: 200, columnCount: 4, elements: plain.elements.map { $0 * scale })
    let (a, b) = (try KMeans(clusterCount: 4).cluster(plain), try KMeans(clusterCount: 4).cluster(scaled))
    #expect(a.labels == b.labels)
    #expect(b.centres.elements.allSatisfy { $0.isFinite })
    #expect(abs(b.inertia / Double(scale) / Double(scale) / a.inertia - 1) < 1e-3)
  }

  @Test func `data far from the origin keep their clusters`() throws {
    let (plain, labels) = SyntheticData.clustered(rows: 300, columns: 3, clusters: 3, seed: 10)
    let moved = Matrix(rowCount: 300, columnCount: 3, elements: plain.elements.map { $0 + 100_000 })
    let clusters = try KMeans(clusterCount: 3).cluster(moved)
    #expect(try #require(try AdjustedRandIndex.of(clusters.labels, labels.map { Int32($0) })) == 1)
  }

  @Test func `no row gives no cluster`() throws {
    let clusters = try KMeans(clusterCount: 3).cluster(Matrix(rowCount: 0, columnCount: 5))
    #expect(clusters.labels.isEmpty && clusters.clusterCount == 0 && clusters.inertia == 0)
    #expect(clusters.centres.rowCount == 0 && clusters.centres.columnCount == 5)
    #expect(try KMeans(clusterCount: 3).cluster(Matrix(rowCount: 1, columnCount: 1)).sizes == [1])
  }

  @Test func `wrong input is named`() throws {
    var matrix = SyntheticData.uniform(rows: 2100, columns: 3, seed: 11)
    for k in [0, -4] {
      #expect(throws: AnalysisError.invalidParameter(name: "k", value: "\(k)", allowed: "1 or more")) {
        try KMeans(clusterCount: k).cluster(matrix)
      }
    }
    #expect(throws: AnalysisError.noColumns) {
      try KMeans(clusterCount: 2).cluster(Matrix(rowCount: 3, columnCount: 0))
    }
    matrix[2050, 2] = -.infinity
    #expect(throws: AnalysisError.notFinite(row: 2050, column: 2)) { try KMeans(clusterCount: 2).cluster(matrix) }
    matrix[5, 1] = .nan
    #expect(throws: AnalysisError.notFinite(row: 5, column: 1)) { try KMeans(clusterCount: 2).cluster(matrix) }
  }

  @Test func `an interrupt ends it`() throws {
    let monitor = InterruptingMonitor(during: "k-means")
    #expect(throws: WorkInterrupted.self) {
      try KMeans(clusterCount: 5).cluster(SyntheticData.uniform(rows: 500, columns: 3, seed: 12), monitor: monitor)
    }
  }
}
