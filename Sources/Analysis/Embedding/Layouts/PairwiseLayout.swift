import CSIMDKernels
import FeatureData

/// Places points so that pairs of near rows are near and pairs of further rows apart (PaCMAP).
///
/// Pairs of middle distance shape the whole map first and lose their weight over three phases: with epochs counted from
/// 0, weights of neighbours, mid-near and further pairs are 2, falling from 1000 to 3, and 1 in the first two ninths of
/// the epochs; 3, 3 and 1 in the next two ninths; 1, 0 and 1 to the end. Each epoch is one step of Adam on the whole
/// loss.
///
/// A vertex is moved by itself, from where all vertices stood when the epoch began: there is nothing to lock, and the
/// layout is the same, bit for bit, for any number of threads.
///
/// Sources: Wang, Huang, Rudin, Shaposhnik, "Understanding how dimension reduction tools work", 2021, JMLR 22(201),
/// doi:10.48550/arXiv.2012.04456; Kingma, Ba, "Adam: a method for stochastic optimization", 2015,
/// doi:10.48550/arXiv.1412.6980.
struct PairwiseLayout: Sendable {
  /// Neighbours of a row, without the row itself.
  var neighbours = 10
  /// Mid-near pairs for each neighbour.
  var midNearRatio = 0.5
  /// Further pairs for each neighbour.
  var furtherRatio = 2.0
  var epochs = 450
  /// The step of Adam, in units of the map.
  var learningRate: Float = 1
  var seed: UInt64 = 42
  let threads: WorkerThreads

  /// Neighbours that a graph should hold, so that those nearest by scaled distance are among them.
  var neighboursToFind: Int { neighbours + 50 }

  /// The standard deviation of the start on its widest axis: small beside one step of Adam, so that the first steps
  /// take the start's directions and not its distances.
  private static let startDeviation = 0.01
  private static let meanShare: Float = 0.1
  private static let squareShare: Float = 0.001
  private static let rowsInBlock = 256

  /// - Parameters:
  ///   - start: n × 2 or n × 3; its place and scale do not matter.
  ///   - graph: Neighbours of the n rows in any metric, best `neighboursToFind` of each.
  ///   - rows: n × c, in which Euclidean distance orders mid-near candidates; principal components will do.
  /// - Returns: The layout after all epochs.
  /// - Throws: `WorkInterrupted`.
  /// - Precondition: All have n rows.
  /// - Complexity: O(n × neighbours × (epochs + c)).
  func optimised(
    _ start: Matrix, graph: NeighbourGraph, rows: Matrix, monitor: any WorkMonitor
  ) throws(WorkInterrupted) -> Matrix {
    precondition(start.rowCount == graph.rowCount && rows.rowCount == graph.rowCount, "one row of each for each point")
    monitor.report(phase: "layout", unit: "epochs", done: 0, total: epochs)
    let counts = PairSample.Counts(
      neighbours: neighbours, midNear: Int((Double(neighbours) * midNearRatio).rounded()),
      further: Int((Double(neighbours) * furtherRatio).rounded()))
    let pairs = try PairGraph(
      PairSample(of: graph, rows: rows, counts: counts, seed: seed, threads: threads, monitor: monitor),
      monitor: monitor)
    var positions = Self.scaled(start)
    try run(&positions.elements, dimensions: start.columnCount, pairs: pairs, monitor: monitor)
    return positions
  }

  /// The weights of the pairs in an epoch, counted from 0.
  static func weights(epoch: Int, of epochs: Int) -> PairWeights {
    let phase = epochs * 2 / 9
    if epoch < phase {
      let share = Float(epoch) / Float(phase)
      return PairWeights(neighbours: 2, midNear: 1000 * (1 - share) + 3 * share, further: 1)
    }
    return epoch < 2 * phase
      ? PairWeights(neighbours: 3, midNear: 3, further: 1)
      : PairWeights(neighbours: 1, midNear: 0, further: 1)
  }

  private static func scaled(_ start: Matrix) -> Matrix {
    let n = Double(max(1, start.rowCount))
    var result = start
    var widest = 0.0
    for axis in 0..<start.columnCount {
      let values = start.column(axis).map(Double.init)
      let mean = values.reduce(0, +) / n
      widest = max(widest, (values.reduce(into: 0.0) { $0 += ($1 - mean) * ($1 - mean) } / n).squareRoot())
      for row in values.indices { result[row, axis] = Float(values[row] - mean) }
    }
    let scale = widest > 0 ? startDeviation / widest : 0
    for place in result.elements.indices { result.elements[place] = Float(Double(result.elements[place]) * scale) }
    return result
  }

  private func run(
    _ positions: inout [Float], dimensions: Int, pairs: PairGraph, monitor: any WorkMonitor
  ) throws(WorkInterrupted) {
    let n = pairs.rowCount
    let count = positions.count
    // The kernel works on whole registers.
    let room = (count + 7) / 8 * 8
    let state = UnsafeMutablePointer<Float>.allocate(capacity: 5 * room)
    defer { state.deallocate() }
    state.initialize(repeating: 0, count: 5 * room)
    var (here, there) = (state, state + room)
    let (gradients, means, squares) = (state + 2 * room, state + 3 * room, state + 4 * room)
    for place in 0..<count { here[place] = positions[place] }
    var (meanRest, squareRest): (Float, Float) = (1, 1)
    for epoch in 0..<max(0, epochs) {
      let weights = Self.weights(epoch: epoch, of: epochs)
      meanRest *= 1 - Self.meanShare
      squareRest *= 1 - Self.squareShare
      let step = learningRate * (1 - squareRest).squareRoot() / (1 - meanRest)
      let (from, to) = (here, there)
      threads.forEach((n + Self.rowsInBlock - 1) / Self.rowsInBlock) { block in
        if monitor.isInterrupted { return }
        let vertices = block * Self.rowsInBlock..<min(n, (block + 1) * Self.rowsInBlock)
        let place = vertices.lowerBound * dimensions
        pairs.writeGradients(
          of: vertices, weights: weights, positions: from, dimensions: dimensions, to: gradients + place)
        var adam = simd_adam(
          means: means + place, squares: squares + place, mean_share: Self.meanShare, square_share: Self.squareShare,
          step: step)
        simd_adam_step(&adam, gradients + place, from + place, Int64(vertices.count * dimensions), to + place)
      }
      try monitor.checkInterrupted()
      (here, there) = (there, here)
      monitor.report(phase: "layout", unit: "epochs", done: epoch + 1, total: epochs)
    }
    for place in 0..<count { positions[place] = here[place] }
  }
}
