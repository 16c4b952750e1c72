import CSIMDKernels
import Dispatch
import FeatureData

/// A picture of premultiplied ARGB pixels, clear at first, that points are stamped on.
struct PixelLayer: Sendable {
  let width: Int
  let height: Int
  /// `0xAARRGGBB`, row-major, row 0 at the top.
  var pixels: [UInt32]

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
    pixels = [UInt32](repeating: 0, count: width * height)
  }

  init(_ image: RGBImage) {
    width = image.width
    height = image.height
    let count = image.width * image.height
    precondition(image.pixels.count >= count * 3, "the picture must hold its pixels")
    pixels = [UInt32](unsafeUninitializedCapacity: count) { target, written in
      simd_make_opaque(image.pixels, Int64(count), target.baseAddress)
      written = count
    }
  }
}

extension PixelLayer {
  /// A picture that is made in bands of rows, each on any core.
  ///
  /// - Parameter band: gets the number of a band, the first at the top, and gives its `bandHeight × width × 3` bytes of RGB;
  ///   nil leaves it clear.
  init(width: Int, height: Int, bandHeight: Int, band: @Sendable (Int) -> [UInt8]?) {
    self.init(width: width, height: height)
    let count = width * bandHeight
    precondition(bandHeight > 0 && height % bandHeight == 0, "bands make up the picture")
    pixels.withUnsafeMutableBufferPointer { buffer in
      guard let first = buffer.baseAddress else { return }
      let target = Target(first: first)
      DispatchQueue.concurrentPerform(iterations: height / bandHeight) { index in
        guard let bytes = band(index) else { return }
        precondition(bytes.count >= count * 3, "a band has all of its pixels")
        simd_make_opaque(bytes, Int64(count), target.first + index * count)
      }
    }
  }

  /// Where bands are written; no two of them to the same pixel.
  private struct Target: @unchecked Sendable {
    let first: UnsafeMutablePointer<UInt32>
  }

  /// With each pixel as a block of so many, that the layer has at least as many as asked for on each axis.
  func enlarged(toWidth wantedWidth: Int, height wantedHeight: Int) -> PixelLayer {
    let across = max(1, (wantedWidth + width - 1) / max(width, 1))
    let down = max(1, (wantedHeight + height - 1) / max(height, 1))
    var result = PixelLayer(width: width * across, height: height * down)
    for row in 0..<result.height {
      let from = row / down * width
      for column in 0..<width {
        let start = row * result.width + column * across
        for place in start..<start + across { result.pixels[place] = pixels[from + column] }
      }
    }
    return result
  }
}
