import CSIMDKernels
package import FeatureData

/// Pixels as OpenSlide gives them: premultiplied ARGB in native byte order, `height × width`, row-major.
package struct SlidePixels: Sendable {
  package let width: Int
  package let height: Int
  package private(set) var values: [UInt32]

  /// - Parameter fill: gets clear pixels to write to.
  init(width: Int, height: Int, fill: (UnsafeMutableBufferPointer<UInt32>) throws(SlideError) -> Void)
    throws(SlideError)
  {
    self.width = width
    self.height = height
    values = [UInt32](repeating: 0, count: width * height)
    var fault: SlideError?
    values.withUnsafeMutableBufferPointer { buffer in
      do throws(SlideError) { try fill(buffer) } catch { fault = error }
    }
    if let fault { throw fault }
  }

  init(width: Int, height: Int, fill: (UnsafeMutableBufferPointer<UInt32>) -> Void) {
    self.width = width
    self.height = height
    values = [UInt32](repeating: 0, count: width * height)
    values.withUnsafeMutableBufferPointer { fill($0) }
  }

  /// The picture over white.
  package func image() -> RGBImage {
    let pixels = [UInt8](unsafeUninitializedCapacity: width * height * 3) { target, count in
      values.withUnsafeBufferPointer {
        Self.composeOverWhite($0, stride: width, width: width, height: height, into: target)
      }
      count = width * height * 3
    }
    return RGBImage(width: width, height: height, pixels: pixels)
  }

  /// Lays pixels over white and writes them as RGB bytes without padding.
  ///
  /// - Parameter stride: pixels from one row of the source to the next.
  static func composeOverWhite(
    _ source: UnsafeBufferPointer<UInt32>, stride: Int, width: Int, height: Int,
    into target: UnsafeMutableBufferPointer<UInt8>
  ) {
    precondition(width == 0 || height == 0 || source.count >= (height - 1) * stride + width, "the source must hold it")
    precondition(target.count >= width * height * 3, "the target must hold it")
    guard let input = source.baseAddress, let output = target.baseAddress else { return }
    for row in 0..<height {
      simd_lay_over_white(input + row * stride, Int64(width), output + row * width * 3)
    }
  }
}
