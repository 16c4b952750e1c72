/// Reads RGB bytes four pixels at a time, each through a table of 256 numbers.
struct PixelQuads {
  let pixels: UnsafeBufferPointer<UInt8>
  let table: UnsafePointer<Float>

  var pixelCount: Int { pixels.count / 3 }

  /// Red, green and blue of the pixels from `first`; the last pixel again where there are fewer than four.
  @inline(__always)
  func load(_ first: Int) -> (red: SIMD4<Float>, green: SIMD4<Float>, blue: SIMD4<Float>) {
    let left = pixelCount - first
    let start = pixels.baseAddress! + 3 * first
    let (second, third, fourth) = left >= 4 ? (3, 6, 9) : (3 * min(1, left - 1), 3 * min(2, left - 1), 3 * (left - 1))
    @inline(__always) func channel(_ offset: Int) -> SIMD4<Float> {
      SIMD4(
        table[Int(start[offset])], table[Int(start[offset + second])], table[Int(start[offset + third])],
        table[Int(start[offset + fourth])])
    }
    return (channel(0), channel(1), channel(2))
  }

  /// Writes as many of the four pixels as there are from `first`.
  @inline(__always)
  func store(
    _ red: SIMD4<UInt8>, _ green: SIMD4<UInt8>, _ blue: SIMD4<UInt8>, _ first: Int,
    into output: UnsafeMutableBufferPointer<UInt8>
  ) {
    let start = output.baseAddress! + 3 * first
    for lane in 0..<min(4, pixelCount - first) {
      start[3 * lane] = red[lane]
      start[3 * lane + 1] = green[lane]
      start[3 * lane + 2] = blue[lane]
    }
  }
}
