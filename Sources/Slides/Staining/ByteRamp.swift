/// A rising function from numbers to bytes, truncated as numpy's `astype(uint8)` does, without its arithmetic.
///
/// A table says which byte begins a narrow bucket of numbers, and one comparison whether the next has been reached:
/// exactly what the function itself would give.
struct ByteRamp {
  private static let bucketCount = 4096
  /// Adding it leaves a small number's nearest integer in the last bits of the sum.
  private static let integerBits: Float = 8_388_608

  private let lowest: Float
  private let highest: Float
  private let bucketsPerUnit: Float
  /// The byte at each bucket's start; twice as many as are reached, so that no index of 13 bits is outside.
  private let firstBytes: [UInt8]
  /// The number at which each byte begins, from byte 0 to byte 256, which is never reached.
  private let starts: [Float]

  /// - Parameters:
  ///   - start: where each byte above 0 begins; rising, and never two within a 4096th of the range.
  init(from lowest: Float, to highest: Float, start: (Double) -> Double) {
    self.lowest = lowest
    self.highest = highest
    let bucketsPerUnit = Float(Self.bucketCount) / (highest - lowest)
    self.bucketsPerUnit = bucketsPerUnit
    let starts = [-Float.infinity] + (1...255).map { Float(start(Double($0))) } + [Float.infinity]
    var byte = 0
    firstBytes = (0..<2 * Self.bucketCount).map { bucket in
      // Half a bucket lower, as the nearest integer is taken; a little more against the rounding of both.
      let bucketStart = lowest + (Float(bucket) - 0.501) / bucketsPerUnit
      while byte < 255, starts[byte + 1] <= bucketStart { byte += 1 }
      return UInt8(byte)
    }
    self.starts = starts
  }

  /// Its tables, to be looked up in a loop.
  func withTables<Result>(_ body: (Tables) -> Result) -> Result {
    firstBytes.withUnsafeBufferPointer { firstBytes in
      starts.withUnsafeBufferPointer { starts in
        body(
          Tables(
            lowest: SIMD4(repeating: lowest), highest: SIMD4(repeating: highest),
            bucketsPerUnit: SIMD4(repeating: bucketsPerUnit), firstBytes: firstBytes.baseAddress!,
            starts: starts.baseAddress!))
      }
    }
  }

  struct Tables {
    fileprivate let lowest: SIMD4<Float>
    fileprivate let highest: SIMD4<Float>
    fileprivate let bucketsPerUnit: SIMD4<Float>
    fileprivate let firstBytes: UnsafePointer<UInt8>
    fileprivate let starts: UnsafePointer<Float>

    /// The bytes of four numbers; those outside the range count as its ends.
    @inline(__always)
    func bytes(_ numbers: SIMD4<Float>) -> SIMD4<UInt8> {
      let low = numbers.replacing(with: lowest, where: numbers .< lowest)
      let inside = low.replacing(with: highest, where: low .> highest)
      let shifted = (inside - lowest) * bucketsPerUnit + ByteRamp.integerBits
      let buckets = unsafeBitCast(shifted, to: SIMD4<UInt32>.self) & 0x1FFF
      return SIMD4(
        byte(inside[0], buckets[0]), byte(inside[1], buckets[1]), byte(inside[2], buckets[2]),
        byte(inside[3], buckets[3]))
    }

    @inline(__always)
    private func byte(_ number: Float, _ bucket: UInt32) -> UInt8 {
      let first = firstBytes[Int(bucket)]
      return number >= starts[Int(first) + 1] ? first &+ 1 : first
    }
  }
}
