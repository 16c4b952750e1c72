import CTurboJPEG

/// One JPEG file and the handle that decodes it.
struct JPEGTile: ~Copyable {
  private let bytes: UnsafeRawBufferPointer
  private let handle: tjhandle
  private let isCMYK: Bool
  let size: (width: Int, height: Int)

  /// Reads the header. The bytes must outlive the value.
  init(
    _ bytes: UnsafeRawBufferPointer, coefficientLimit: Int = JPEGScans.tileLimit
  ) throws(ImageFault) {
    guard let handle = tjInitDecompress() else { throw .damaged("the JPEG decoder could not be started") }
    do throws(ImageFault) {
      (size, isCMYK) = try Self.header(bytes, handle, coefficientLimit)
    } catch {
      tjDestroy(handle)
      throw error
    }
    self.bytes = bytes
    self.handle = handle
  }

  deinit { tjDestroy(handle) }

  private static func header(
    _ bytes: UnsafeRawBufferPointer, _ handle: tjhandle, _ coefficientLimit: Int
  ) throws(ImageFault) -> (size: (width: Int, height: Int), isCMYK: Bool) {
    var width: Int32 = 0
    var height: Int32 = 0
    var subsampling: Int32 = 0
    var colours: Int32 = 0
    let status = tjDecompressHeader3(
      handle, bytes.bindMemory(to: UInt8.self).baseAddress, UInt(bytes.count), &width, &height, &subsampling, &colours)
    // TurboJPEG names only the usual ways to keep the colour at fewer pixels; libjpeg decodes the others as well.
    let isRareSubsampling = width > 0 && height > 0 && subsampling < 0
    if status != 0, !isRareSubsampling { try throwUnlessHarmless(bytes, handle) }
    // A file that ends among its tables is no error to TurboJPEG.
    guard width > 0, height > 0 else { throw .damaged("the file ends before the picture starts") }
    guard colours >= 0 else { throw .unsupported("a JPEG whose channels are no colours that are known") }
    let pixelCount = Int(width) * Int(height)
    if !JPEGScans.isHarmless(pixelCount: pixelCount) {
      let scans = JPEGScans(bytes)
      guard scans.isAffordable(pixelCount: pixelCount, limit: coefficientLimit) else {
        throw .unsupported("a JPEG of \(scans.count) scans over \(width) × \(height) pixels")
      }
    }
    return (
      (Int(width), Int(height)), colours == Int32(TJCS_CMYK.rawValue) || colours == Int32(TJCS_YCCK.rawValue)
    )
  }

  /// The picture as RGB, scaled to a size that is a multiple of an eighth of its own.
  ///
  /// As stored: an orientation (EXIF) or a colour profile is not applied, as Pillow, TensorFlow and slideflow do it.
  func decode(
    into pixels: UnsafeMutableBufferPointer<UInt8>, width: Int, height: Int
  ) throws(ImageFault) {
    if !isCMYK { return try decode(into: pixels.baseAddress, as: TJPF_RGB, width: width, height: height) }
    var inks = [UInt8](repeating: 0, count: width * height * 4)
    try decode(into: &inks, as: TJPF_CMYK, width: width, height: height)
    // Inverted, as Adobe writes them: 255 is no ink. To RGB as Pillow's `convert("RGB")` does, without a profile.
    for pixel in 0..<width * height {
      let light = Int(inks[pixel * 4 + 3])
      for channel in 0..<3 {
        let product = (255 - Int(inks[pixel * 4 + channel])) * light + 128
        pixels[pixel * 3 + channel] = UInt8(max(light - (product >> 8 + product) >> 8, 0))
      }
    }
  }

  private func decode(
    into pixels: UnsafeMutablePointer<UInt8>?, as format: TJPF, width: Int, height: Int
  ) throws(ImageFault) {
    let flags = TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS
    let status = tjDecompress2(
      handle, bytes.bindMemory(to: UInt8.self).baseAddress, UInt(bytes.count), pixels, Int32(width), 0,
      Int32(height), Int32(format.rawValue), flags)
    if status != 0 { try Self.throwUnlessHarmless(bytes, handle) }
  }

  /// What libjpeg passes over and leaves the picture whole: stray bytes between markers, and headers that are not quite
  /// as the standard has them. Anything else does not.
  private static let harmlessWarnings = [
    "extraneous bytes", "Invalid SOS parameters", "Unknown Adobe color transform", "unknown JFIF revision",
  ]

  private static func throwUnlessHarmless(
    _ bytes: UnsafeRawBufferPointer, _ handle: tjhandle
  ) throws(ImageFault) {
    let text = tjGetErrorStr2(handle).map { String(cString: $0) } ?? "unknown error"
    if tjGetErrorCode(handle) == Int32(TJERR_WARNING.rawValue), harmlessWarnings.contains(where: text.contains) {
      // Of several warnings only the first is told.
      if JPEGScans(bytes).isEnded { return }
      throw .damaged("the file ends before the picture does")
    }
    if text.contains("data precision") { throw .unsupported("a JPEG with other than 8 bits a channel") }
    if text.contains("Unsupported JPEG process") { throw .unsupported("a lossless or hierarchical JPEG") }
    throw .damaged(text)
  }
}
