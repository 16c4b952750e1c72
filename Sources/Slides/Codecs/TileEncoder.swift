import CPNG
import CTurboJPEG
package import FeatureData

/// Encodes tiles as JPEG or PNG; make one for each thread, as of `TileDecoder`.
package struct TileEncoder: ~Copyable {
  /// How finely the colour differences are kept.
  package enum ChromaSubsampling: Sendable {
    /// 4:4:4, at every pixel.
    case none
    /// 4:2:0, at every second pixel of every second row.
    case half
  }

  private let handle: tjhandle?

  package init() { handle = tjInitCompress() }

  deinit { if let handle { tjDestroy(handle) } }

  /// - Parameter quality: 1…100 on libjpeg's scale; slideflow's tiles have 95.
  package func jpeg(
    _ image: RGBImage, quality: Int = 95, subsampling: ChromaSubsampling = .half
  ) throws(ImageFault) -> [UInt8] {
    try image.pixels.withUnsafeBufferPointer { pixels throws(ImageFault) in
      try jpeg(pixels, width: image.width, height: image.height, quality: quality, subsampling: subsampling)
    }
  }

  /// - Parameter pixels: `height × width × 3` bytes, RGB.
  package func jpeg(
    _ pixels: UnsafeBufferPointer<UInt8>, width: Int, height: Int, quality: Int = 95,
    subsampling: ChromaSubsampling = .half
  ) throws(ImageFault) -> [UInt8] {
    precondition(pixels.count >= width * height * 3, "the pixels must be there")
    guard let handle else { throw .damaged("the JPEG encoder could not be started") }
    guard (1...65500).contains(width), (1...65500).contains(height) else {
      throw .tooLarge(width: width, height: height)
    }
    var output: UnsafeMutablePointer<UInt8>?
    var byteCount: UInt = 0
    defer { tjFree(output) }
    let sampling = subsampling == .half ? TJSAMP_420 : TJSAMP_444
    let status = tjCompress2(
      handle, pixels.baseAddress, Int32(width), 0, Int32(height), Int32(TJPF_RGB.rawValue), &output, &byteCount,
      Int32(sampling.rawValue), Int32(min(max(quality, 1), 100)), TJFLAG_ACCURATEDCT)
    guard status == 0, let output else {
      throw .damaged(tjGetErrorStr2(handle).map { String(cString: $0) } ?? "unknown error")
    }
    return Array(UnsafeBufferPointer(start: output, count: Int(byteCount)))
  }

  /// The same pixels as a PNG file.
  package func png(
    _ pixels: UnsafeBufferPointer<UInt8>, width: Int, height: Int
  ) throws(ImageFault) -> [UInt8] {
    precondition(pixels.count >= width * height * 3, "the pixels must be there")
    var image = png_image()
    image.version = UInt32(PNG_IMAGE_VERSION)
    image.width = UInt32(width)
    image.height = UInt32(height)
    image.format = UInt32(PNG_FORMAT_FLAG_COLOR)
    // One call: the size is bounded by what libpng's own formula gives for pixels that do not compress.
    var byteCount = width * height * 3 + height * 16 + (width * height * 3) / 1000 + 65_536
    var written = false
    let bytes = [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, count in
      written = png_image_write_to_memory(&image, buffer.baseAddress, &byteCount, 0, pixels.baseAddress, 0, nil) != 0
      count = written ? byteCount : 0
    }
    defer { png_image_free(&image) }
    guard written else { throw .damaged("the PNG encoder failed") }
    return bytes
  }
}
