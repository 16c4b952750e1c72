import CTurboJPEG
package import FeatureData

/// Encodes tiles as JPEG; make one for each thread, as of `TileDecoder`.
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
    guard let handle else { throw .damaged("the JPEG encoder could not be started") }
    guard (1...65500).contains(image.width), (1...65500).contains(image.height) else {
      throw .tooLarge(width: image.width, height: image.height)
    }
    var output: UnsafeMutablePointer<UInt8>?
    var byteCount: UInt = 0
    defer { tjFree(output) }
    let sampling = subsampling == .half ? TJSAMP_420 : TJSAMP_444
    let status = tjCompress2(
      handle, image.pixels, Int32(image.width), 0, Int32(image.height), Int32(TJPF_RGB.rawValue), &output, &byteCount,
      Int32(sampling.rawValue), Int32(min(max(quality, 1), 100)), TJFLAG_ACCURATEDCT)
    guard status == 0, let output else {
      throw .damaged(tjGetErrorStr2(handle).map { String(cString: $0) } ?? "unknown error")
    }
    return Array(UnsafeBufferPointer(start: output, count: Int(byteCount)))
  }
}
