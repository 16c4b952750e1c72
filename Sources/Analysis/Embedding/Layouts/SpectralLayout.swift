import FeatureData

/// The graph's vertices on the eigenvectors of its normalised Laplacian that belong to the smallest eigenvalues above 0.
///
/// They are looked for by Lanczos' method with full orthogonalisation, to the precision that a start of a layout needs.
///
/// Source: Belkin, Niyogi, "Laplacian eigenmaps for dimensionality reduction and data representation", 2003,
/// doi:10.1162/089976603321780317.
struct SpectralLayout {
  private let graph: FuzzyGraph
  private let dimensions: Int
  private let seed: UInt64
  private let threads: WorkerThreads
  private let monitor: any WorkMonitor
  /// By vertex: 1 over the square root of the sum of its weights.
  private let scales: [Float]

  init(_ graph: FuzzyGraph, dimensions: Int, seed: UInt64, threads: WorkerThreads, monitor: any WorkMonitor) {
    self.graph = graph
    self.dimensions = dimensions
    self.seed = seed
    self.threads = threads
    self.monitor = monitor
    scales = [Float](unsafeUninitializedCapacity: graph.rowCount) { scales, count in
      count = graph.rowCount
      scales.initialize(repeating: 0)
      nonisolated(unsafe) let scales = scales
      threads.forEachBlock(of: count, size: 1024) { block in
        if monitor.isInterrupted { return }
        for row in block {
          let sum = graph.edges(of: row).reduce(into: Float(0)) { $0 += graph.weights[$1] }
          scales[row] = sum > 0 ? 1 / sum.squareRoot() : 0
        }
      }
    }
  }

  /// n × dimensions; nil if the graph is not in one piece, or has no more than `dimensions` + 1 vertices.
  /// - Throws: `AnalysisError.linearAlgebraFailed` or `WorkInterrupted`.
  func eigenvectors() throws -> Matrix? {
    let n = graph.rowCount
    guard n > dimensions + 1, try isConnected() else { return nil }
    let steps = min(n - 1, n > 200_000 ? 60 : 150)
    monitor.report(phase: "spectral start", unit: "steps", done: 0, total: steps)
    // The eigenvector of eigenvalue 1 is known: the others are at right angles to it.
    var basis = [normalised(scales.map { $0 > 0 ? 1 / $0 : 0 })]
    var generator = SplitMix64(seed: seed)
    var next = (0..<n).map { _ in Float(generator.nextNormal()) }
    try orthogonalise(&next, to: basis)
    next = normalised(next)
    var diagonal: [Float] = []
    var beside: [Float] = []
    for step in 0..<steps {
      try monitor.checkInterrupted()
      basis.append(next)
      var product = applied(to: next)
      diagonal.append(Float(dot(product, next)))
      try orthogonalise(&product, to: basis)
      let length = Float(dot(product, product).squareRoot())
      monitor.report(phase: "spectral start", unit: "steps", done: step + 1, total: steps)
      if length < 1e-6 { break }
      beside.append(length)
      next = normalised(product)
    }
    let m = diagonal.count
    guard m >= dimensions else { return nil }
    var tridiagonal = [Float](repeating: 0, count: m * m)
    for i in 0..<m {
      tridiagonal[i * m + i] = diagonal[i]
      if i + 1 < m { tridiagonal[(i + 1) * m + i] = beside[i] }
    }
    let system = try LinearAlgebra.eigenSystem(tridiagonal, size: m, monitor: monitor)
    var result = Matrix(rowCount: n, columnCount: dimensions)
    for axis in 0..<dimensions {
      for i in 0..<m {
        try monitor.checkInterrupted()
        let coefficient = system.vectors[(m - 1 - axis) * m + i]
        for row in 0..<n { result[row, axis] += coefficient * basis[i + 1][row] }
      }
    }
    return result
  }

  /// D^(−1/2) W D^(−1/2) times a vector.
  private func applied(to vector: [Float]) -> [Float] {
    [Float](unsafeUninitializedCapacity: vector.count) { result, count in
      count = vector.count
      result.initialize(repeating: 0)
      nonisolated(unsafe) let result = result
      threads.forEachBlock(of: vector.count, size: 1024) { block in
        if monitor.isInterrupted { return }
        for row in block {
          var sum: Float = 0
          for edge in graph.edges(of: row) {
            let other = Int(graph.columns[edge])
            sum += graph.weights[edge] * scales[other] * vector[other]
          }
          result[row] = sum * scales[row]
        }
      }
    }
  }

  private func isConnected() throws(WorkInterrupted) -> Bool {
    var seen = [Bool](repeating: false, count: graph.rowCount)
    var open = [0]
    seen[0] = true
    var count = 1
    var visited = 0
    while let row = open.popLast() {
      visited += 1
      if visited.isMultiple(of: 4096) { try monitor.checkInterrupted() }
      for edge in graph.edges(of: row) where graph.weights[edge] > 0 && !seen[Int(graph.columns[edge])] {
        seen[Int(graph.columns[edge])] = true
        count += 1
        open.append(Int(graph.columns[edge]))
      }
    }
    return count == graph.rowCount
  }

  private func dot(_ a: [Float], _ b: [Float]) -> Double {
    var sum = 0.0
    for i in a.indices { sum += Double(a[i]) * Double(b[i]) }
    return sum
  }

  private func normalised(_ vector: [Float]) -> [Float] {
    let length = Float(dot(vector, vector).squareRoot())
    return length > 0 ? vector.map { $0 / length } : vector
  }

  /// Twice, since once loses digits.
  private func orthogonalise(_ vector: inout [Float], to basis: [[Float]]) throws(WorkInterrupted) {
    for _ in 0..<2 {
      for other in basis {
        try monitor.checkInterrupted()
        let product = Float(dot(vector, other))
        for i in vector.indices { vector[i] -= product * other[i] }
      }
    }
  }
}
