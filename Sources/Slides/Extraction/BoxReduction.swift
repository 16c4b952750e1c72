/// Makes a square picture smaller by a whole number: each pixel is the mean of a square of pixels.
///
/// A tile that is to become much smaller is brought near its size this way first, as libvips does it when it resizes
/// (a gap of 2, libvips.org/API/current/method.Image.resize.html): the filter that follows has at least twice the size
/// to work on. Rows are reduced before columns and each is rounded, as there, so that a model that was trained on
/// slideflow's tiles sees the same pixels.
struct BoxReduction: Sendable, Equatable {
  /// Pixels along a side that become one.
  let factor: Int
  /// Of the result; where the source does not fill the last box, its last pixel does.
  let side: Int
  private let sourceSide: Int

  /// Nil where the filter alone serves: below a reduction to a quarter.
  init?(fromSide: Int, toSide: Int) {
    let factor = toSide > 0 ? fromSide / (2 * toSide) : 0
    guard factor > 1 else { return nil }
    self.factor = factor
    sourceSide = fromSide
    side = (fromSide + factor - 1) / factor
  }

  /// RGB bytes without padding; the result may lie where the source does, for it is written behind what is read.
  func apply(_ source: UnsafeBufferPointer<UInt8>, into target: UnsafeMutableBufferPointer<UInt8>) {
    precondition(source.count >= sourceSide * sourceSide * 3, "the source must hold the picture")
    precondition(target.count >= side * side * 3, "the target must hold the picture")
    let (count, width) = (UInt32(factor), sourceSide * 3)
    // Exact while 256 · factor² is below 2³²: no side is so long.
    let reciprocal = (UInt64(1) << 32) / UInt64(count) + 1
    func quotient(_ sum: UInt32) -> UInt32 { UInt32(truncatingIfNeeded: (UInt64(sum) &* reciprocal) >> 32) }
    var sums = [UInt32](repeating: 0, count: width)
    sums.withUnsafeMutableBufferPointer { line in
      for row in 0..<side {
        line.update(repeating: count / 2)
        for tap in 0..<factor {
          let start = min(row * factor + tap, sourceSide - 1) * width
          let input = UnsafeBufferPointer(rebasing: source[start..<start + width])
          for place in 0..<width { line[place] &+= UInt32(input[place]) }
        }
        for place in 0..<width { line[place] = quotient(line[place]) }
        for column in 0..<side {
          for channel in 0..<3 {
            var sum = count / 2
            for tap in 0..<factor { sum &+= line[min(column * factor + tap, sourceSide - 1) * 3 + channel] }
            target[(row * side + column) * 3 + channel] = UInt8(truncatingIfNeeded: quotient(sum))
          }
        }
      }
    }
  }
}
