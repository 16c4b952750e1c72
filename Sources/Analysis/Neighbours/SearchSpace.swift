import CSIMDKernels
import FeatureData

/// Rows in memory of their own in which neighbours are looked for: as they are seen, less their mean, or on their first
/// principal components.
///
/// What the components leave out of a row is kept as one number, the square of its length, since the parts left out of
/// two rows are nearly at right angles: their squared distance is nearly that on the components and both these numbers.
/// Rows without a direction are not among them.
final class SearchSpace: Sendable {
  /// By place: the row of the input. Places may be in an order in which near rows are near each other in memory.
  let order: [Int32]
  /// Numbers of a row, a multiple of 8; those beyond `dimensions` are zero.
  let width: Int
  let dimensions: Int
  /// What was subtracted from the rows as they are seen.
  let mean: [Float]
  let values: ZeroedStorage<Float>
  /// By place: the square of what the components leave out.
  let biases: [Float]
  /// By place: the square of the length, and the bias.
  let norms: [Float]

  private static let rowsInBlock = 256

  var count: Int { order.count }

  private init(
    order: [Int32], width: Int, dimensions: Int, mean: [Float], values: ZeroedStorage<Float>, biases: [Float],
    threads: WorkerThreads
  ) {
    self.order = order
    self.width = width
    self.dimensions = dimensions
    self.mean = mean
    self.values = values
    self.biases = biases
    let zeros = [Float](repeating: 0, count: width)
    norms = [Float](unsafeUninitializedCapacity: order.count) { norms, count in
      norms.initialize(repeating: 0)
      count = order.count
      guard let start = values.values.baseAddress else { return }
      threads.forEachBlock(of: count, size: 4096) { block in
        for place in block {
          norms[place] = simd_squared_distance(start + place * width, zeros, Int64(width)) + biases[place]
        }
      }
    }
  }

  /// - Parameters:
  ///   - chosen: Rows of the input, in the order of their places.
  ///   - components: nil for the rows in full width.
  ///   - mean: nil for that of the components or of the chosen rows.
  convenience init(
    _ rows: MetricRows, chosen: [Int], components: PrincipalComponents?, mean given: [Float]? = nil,
    threads: WorkerThreads, monitor: any WorkMonitor
  ) throws(WorkInterrupted) {
    let d = rows.columnCount
    let componentCount = components?.axes.rowCount ?? 0
    let dimensions = components == nil ? d : componentCount
    let width = (dimensions + 7) / 8 * 8
    let n = chosen.count
    let storage = ZeroedStorage<Float>(count: Self.room(n, width: width))
    let mean: [Float]
    if let given = given ?? components?.mean {
      mean = given
    } else {
      mean = try rows.mean(of: chosen, threads: threads, monitor: monitor)
    }
    let biases = [Float](unsafeUninitializedCapacity: n) { biases, count in
      biases.initialize(repeating: 0)
      count = n
      guard let start = storage.values.baseAddress else { return }
      threads.forEachBlock(of: n, size: Self.rowsInBlock) { block in
        if monitor.isInterrupted { return }
        let places = start + block.lowerBound * width
        guard let components else {
          rows.write(chosen[block], lessMean: mean, to: places, stride: width)
          return
        }
        withUnsafeTemporaryAllocation(of: Float.self, capacity: Self.rowsInBlock * d) { seen in
          guard let seen = seen.baseAddress else { return }
          rows.write(chosen[block], lessMean: mean, to: seen, stride: d)
          // Products of one shape, so that a row's scores do not depend on how many there are.
          (seen + block.count * d).initialize(repeating: 0, count: (Self.rowsInBlock - block.count) * d)
          LinearAlgebra.multiplyTransposed(
            seen, rows: Self.rowsInBlock, stride: d, components.axes.elements, rows: componentCount, stride: d,
            depth: d, into: places, stride: width)
          for row in 0..<block.count {
            let whole = simd_scaled_squares(seen + row * d, 1, 0, Int64(d))
            let kept = simd_scaled_squares(places + row * width, 1, 0, Int64(componentCount))
            biases[block.lowerBound + row] = max(0, whole - kept)
          }
        }
      }
    }
    try monitor.checkInterrupted()
    self.init(
      order: chosen.map(Int32.init), width: width, dimensions: dimensions, mean: mean, values: storage, biases: biases,
      threads: threads)
  }

  /// The same rows in another order, or some of them.
  /// - Parameter places: For each new place the old one.
  /// - Throws: `WorkInterrupted`.
  func reordered(
    _ places: [Int32], threads: WorkerThreads, monitor: any WorkMonitor
  ) throws(WorkInterrupted) -> SearchSpace {
    let moved = ZeroedStorage<Float>(count: Self.room(places.count, width: width))
    let width = width
    if let from = values.values.baseAddress, let to = moved.values.baseAddress {
      threads.forEachBlock(of: places.count, size: 4096) { block in
        if monitor.isInterrupted { return }
        for place in block { (to + place * width).update(from: from + Int(places[place]) * width, count: width) }
      }
    }
    try monitor.checkInterrupted()
    return SearchSpace(
      order: places.map { order[Int($0)] }, width: width, dimensions: dimensions, mean: mean, values: moved,
      biases: places.map { biases[Int($0)] }, threads: threads)
  }

  /// Room for whole blocks.
  private static func room(_ count: Int, width: Int) -> Int {
    (count + rowsInBlock - 1) / rowsInBlock * rowsInBlock * width
  }

  func withKernelSpace(_ body: (simd_space) -> Void) {
    biases.withUnsafeBufferPointer { biases in
      withExtendedLifetime(values) {
        body(simd_space(rows: values.values.baseAddress, width: Int64(width), biases: biases.baseAddress))
      }
    }
  }

  /// Rows × the first of the components, by place.
  func leading(_ count: Int) -> Matrix { columns(0..<min(dimensions, count)) }

  /// Rows as they are compared, by place.
  var rows: Matrix { columns(0..<dimensions) }

  private func columns(_ chosen: Range<Int>) -> Matrix {
    var result = Matrix(rowCount: order.count, columnCount: chosen.count)
    for place in order.indices {
      for (axis, column) in chosen.enumerated() { result[place, axis] = values.values[place * width + column] }
    }
    return result
  }
}
