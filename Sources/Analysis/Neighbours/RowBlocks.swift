import FeatureData
import Glibc

/// Changes the rows of a matrix in place, block by block on several threads.
///
/// Blocks are the same whatever the number of threads, and sums over them are taken in order. Once the user has
/// interrupted, further blocks are left as they are.
struct RowBlocks {
  private static let rowsInBlock = 512

  let values: UnsafeMutableBufferPointer<Float>
  let rowCount: Int
  let columnCount: Int
  let threads: WorkerThreads
  let monitor: any WorkMonitor

  private var blockCount: Int { (rowCount + Self.rowsInBlock - 1) / Self.rowsInBlock }

  private func forEachBlock(_ body: (_ block: Int, _ rows: Range<Int>) -> Void) {
    threads.forEach(blockCount) { block in
      if monitor.isInterrupted { return }
      let first = block * Self.rowsInBlock
      body(block, first..<min(rowCount, first + Self.rowsInBlock))
    }
  }

  /// Divides each row by its length, and says which rows have none.
  func normalise(isZero: UnsafeMutableBufferPointer<Bool>) {
    let d = columnCount
    forEachBlock { _, rows in
      for r in rows {
        var squares = 0.0
        for value in values[r * d..<(r + 1) * d] { squares += Double(value) * Double(value) }
        isZero[r] = squares == 0
        if squares == 0 { continue }
        let factor = 1 / squares.squareRoot()
        for i in r * d..<(r + 1) * d { values[i] = Float(Double(values[i]) * factor) }
      }
    }
  }

  /// Takes its mean away from each column.
  func centre() {
    let d = columnCount
    let sums = UnsafeMutableBufferPointer<Double>.allocate(capacity: blockCount * d)
    defer { sums.deallocate() }
    sums.initialize(repeating: 0)
    forEachBlock { block, rows in
      for r in rows { for c in 0..<d { sums[block * d + c] += Double(values[r * d + c]) } }
    }
    for block in 1..<max(1, blockCount) { for c in 0..<d { sums[c] += sums[block * d + c] } }
    for c in 0..<(rowCount > 0 ? d : 0) { sums[c] /= Double(rowCount) }
    forEachBlock { _, rows in
      for r in rows {
        for c in 0..<d { values[r * d + c] = Self.bounded(Double(values[r * d + c]) - sums[c]) }
      }
    }
  }

  /// A difference of two numbers at opposite ends of the range lies outside it.
  private static func bounded(_ value: Double) -> Float {
    let limit = Double(Float.greatestFiniteMagnitude)
    return Float(min(limit, max(-limit, value)))
  }

  /// Divides everything by a power of two, returned, so that the largest magnitude is between 1 and 2.
  func scaleToOne() -> Float {
    var largest: Float = 0
    for value in values { largest = max(largest, abs(value)) }
    if largest == 0 { return 1 }
    let exponent = Int(largest.exponent)
    forEachBlock { _, rows in
      for i in rows.lowerBound * columnCount..<rows.upperBound * columnCount {
        values[i] = scalbnf(values[i], Int32(-exponent))
      }
    }
    return Float(sign: .plus, exponent: exponent, significand: 1)
  }
}
