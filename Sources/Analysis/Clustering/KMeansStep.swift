import CSIMDKernels
import FeatureData

/// The two halves of an iteration of k-means: rows to the nearest centre, and centres to the mean of their rows.
///
/// Products have a fixed shape and sums are taken in fixed parts, so that no bit depends on the number of threads.
struct KMeansStep {
  let rows: ScaledRows
  let clusterCount: Int
  let threads: WorkerThreads
  let monitor: any WorkMonitor

  private typealias Lanes = SIMD16<Float>
  /// Centres of one matrix product at most; a multiple of the lanes.
  private static let tileWidth = 1024

  // MARK: Rows to centres

  /// The nearest centre by row, but that no centre is without rows as long as rows stand apart from theirs.
  ///
  /// - Parameter centres: clusters × d.
  /// - Throws: `WorkInterrupted`.
  /// - Complexity: O(n d clusters).
  func labels(_ centres: [Float]) throws(WorkInterrupted) -> [Int32] {
    var labels = try nearestCentres(centres)
    try fillEmptyClusters(&labels, centres: centres)
    return labels
  }

  /// The number of the nearest centre by row, of equally near ones the first.
  func nearestCentres(_ centres: [Float]) throws(WorkInterrupted) -> [Int32] {
    let d = rows.columnCount
    let lanes = Lanes.scalarCount
    let paddedCount = (clusterCount + lanes - 1) / lanes * lanes
    let padded = centres + [Float](repeating: 0, count: (paddedCount - clusterCount) * d)
    // A centre that is only there to fill up is infinitely far.
    let halfNorms = (0..<paddedCount).map { centre -> Float in
      if centre >= clusterCount { return .infinity }
      return centres[centre * d..<(centre + 1) * d].reduce(into: Float(0)) { $0 += $1 * $1 } / 2
    }
    var labels = [Int32](repeating: 0, count: rows.rowCount)
    labels.withUnsafeMutableBufferPointer { labels in
      threads.forEach(rows.partCount) { part in
        if monitor.isInterrupted { return }
        label(part, padded, halfNorms, into: labels)
      }
    }
    try monitor.checkInterrupted()
    return labels
  }

  private func label(
    _ part: Int, _ centres: [Float], _ halfNorms: [Float], into labels: UnsafeMutableBufferPointer<Int32>
  ) {
    let d = rows.columnCount
    let tileWidth = min(Self.tileWidth, halfNorms.count)
    withUnsafeTemporaryAllocation(of: Float.self, capacity: ScaledRows.blockRows * tileWidth) { products in
      guard let start = products.baseAddress else { return }
      products.initialize(repeating: 0)
      var least = [Float](repeating: 0, count: ScaledRows.blockRows)
      rows.forEachBlock(ofPart: part) { block, values in
        for place in least.indices { least[place] = .infinity }
        for first in stride(from: 0, to: halfNorms.count, by: tileWidth) {
          let width = min(tileWidth, halfNorms.count - first)
          centres.withUnsafeBufferPointer { centres in
            guard let centre = centres.baseAddress else { return }
            LinearAlgebra.multiplyTransposed(
              values, rows: ScaledRows.blockRows, stride: d, centre + first * d, rows: width, stride: d, depth: d,
              into: start, stride: width)
          }
          halfNorms.withUnsafeBufferPointer { halfNorms in
            let norms = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(halfNorms)[(first * 4)...])
            for row in block {
              let place = row - block.lowerBound
              let scores = UnsafeRawBufferPointer(start: start + place * width, count: width * 4)
              let nearest = Self.nearest(products: scores, halfNorms: norms, count: width)
              if nearest.score < least[place] {
                least[place] = nearest.score
                labels[row] = Int32(first + nearest.centre)
              }
            }
          }
        }
      }
    }
  }

  /// The least of half the squared distance less half the row's square, and the first centre that has it.
  private static func nearest(
    products: UnsafeRawBufferPointer, halfNorms: UnsafeRawBufferPointer, count: Int
  ) -> (score: Float, centre: Int) {
    var least = Lanes(repeating: .infinity)
    var firsts = SIMD16<Int32>(repeating: 0)
    for start in stride(from: 0, to: count, by: Lanes.scalarCount) {
      let offset = start * MemoryLayout<Float>.size
      let scores =
        halfNorms.loadUnaligned(fromByteOffset: offset, as: Lanes.self)
        - products.loadUnaligned(fromByteOffset: offset, as: Lanes.self)
      let isLess = scores .< least
      least.replace(with: scores, where: isLess)
      firsts.replace(with: SIMD16(repeating: Int32(start)), where: isLess)
    }
    let score = least.min()
    var centre = count
    for lane in 0..<Lanes.scalarCount where least[lane] == score { centre = min(centre, Int(firsts[lane]) + lane) }
    return (score, centre)
  }

  /// Gives each centre without rows that row that is farthest from its own centre, if one stands apart from it.
  private func fillEmptyClusters(_ labels: inout [Int32], centres: [Float]) throws(WorkInterrupted) {
    var sizes = [Int](repeating: 0, count: clusterCount)
    for label in labels { sizes[Int(label)] += 1 }
    var empty = (0..<clusterCount).filter { sizes[$0] == 0 }
    if empty.isEmpty { return }
    let distances = try squaredDistances(labels, centres: centres)
    let farthest = distances.indices.filter { distances[$0] > 0 }
      .sorted { (distances[$1], $0) < (distances[$0], $1) }
    empty.reverse()
    for row in farthest where sizes[Int(labels[row])] > 1 {
      guard let cluster = empty.popLast() else { break }
      sizes[Int(labels[row])] -= 1
      sizes[cluster] = 1
      labels[row] = Int32(cluster)
    }
  }

  private func squaredDistances(_ labels: [Int32], centres: [Float]) throws(WorkInterrupted) -> [Float] {
    let d = rows.columnCount
    var result = [Float](repeating: 0, count: rows.rowCount)
    result.withUnsafeMutableBufferPointer { result in
      threads.forEach(rows.partCount) { part in
        if monitor.isInterrupted { return }
        centres.withUnsafeBufferPointer { centres in
          guard let centre = centres.baseAddress else { return }
          rows.forEachBlock(ofPart: part) { block, values in
            for row in block {
              result[row] = simd_squared_distance(
                values + (row - block.lowerBound) * d, centre + Int(labels[row]) * d, Int64(d))
            }
          }
        }
      }
    }
    try monitor.checkInterrupted()
    return result
  }

  // MARK: Centres to rows

  /// clusters × d means of each cluster's rows (zeros for a cluster without), and how well they fit: the sum over
  /// clusters of size times squared length of the mean, which rises as the sum of squared distances falls.
  ///
  /// - Throws: `WorkInterrupted`.
  /// - Complexity: O(n d).
  func means(_ labels: [Int32]) throws(WorkInterrupted) -> (means: [Double], fit: Double) {
    let d = rows.columnCount
    // Strips of columns share no sum; narrow matrices are cut across as well.
    let stripWidth = 64
    let strips = (d + stripWidth - 1) / stripWidth
    let slabs = max(1, min(8 / strips, rows.partCount))
    let size = clusterCount * d
    var sums = [Double](repeating: 0, count: slabs * size)
    sums.withUnsafeMutableBufferPointer { sums in
      threads.forEach(strips * slabs) { piece in
        let (slab, strip) = (piece / strips, piece % strips)
        let columns = strip * stripWidth..<min(d, (strip + 1) * stripWidth)
        withUnsafeTemporaryAllocation(of: Float.self, capacity: columns.count) { values in
          for row in rows.rowCount * slab / slabs..<rows.rowCount * (slab + 1) / slabs {
            if row.isMultiple(of: 4096) && monitor.isInterrupted { return }
            rows.read(row: row, fromColumn: columns.lowerBound, into: values)
            let start = slab * size + Int(labels[row]) * d + columns.lowerBound
            for c in 0..<columns.count { sums[start + c] += Double(values[c]) }
          }
        }
      }
    }
    try monitor.checkInterrupted()
    var sizes = [Int](repeating: 0, count: clusterCount)
    for label in labels { sizes[Int(label)] += 1 }
    var means = [Double](repeating: 0, count: size)
    var fit = 0.0
    for place in 0..<size where sizes[place / d] > 0 {
      let sum = (0..<slabs).reduce(into: 0.0) { $0 += sums[$1 * size + place] }
      means[place] = sum / Double(sizes[place / d])
      fit += sum * means[place]
    }
    return (means, fit)
  }

  /// The sum over rows of the squared distance from the mean of the cluster, as the rows are read.
  func inertia(_ labels: [Int32], means: [Double]) throws(WorkInterrupted) -> Double {
    let d = rows.columnCount
    var sums = [Double](repeating: 0, count: rows.partCount)
    sums.withUnsafeMutableBufferPointer { sums in
      threads.forEach(rows.partCount) { part in
        if monitor.isInterrupted { return }
        rows.forEachBlock(ofPart: part) { block, values in
          for row in block {
            let (value, mean) = (values + (row - block.lowerBound) * d, Int(labels[row]) * d)
            for c in 0..<d {
              let difference = Double(value[c]) - means[mean + c]
              sums[part] += difference * difference
            }
          }
        }
      }
    }
    try monitor.checkInterrupted()
    return sums.reduce(0, +)
  }
}
