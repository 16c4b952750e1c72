import CTurboJPEG

/// One JPEG file and the handle that decodes it.
struct JPEGTile: ~Copyable {
  private let bytes: UnsafeRawBufferPointer
  private let handle: tjhandle

  /// The bytes must outlive the value.
  init(_ bytes: UnsafeRawBufferPointer) throws(ImageFault) {
    guard let handle = tjInitDecompress() else { throw .damaged("the JPEG decoder could not be started") }
    self.bytes = bytes
    self.handle = handle
  }

  deinit { tjDestroy(handle) }

  func size() throws(ImageFault) -> (width: Int, height: Int) {
    var width: Int32 = 0
    var height: Int32 = 0
    var subsampling: Int32 = 0
    var colours: Int32 = 0
    let status = tjDecompressHeader3(
      handle, bytes.bindMemory(to: UInt8.self).baseAddress, UInt(bytes.count), &width, &height, &subsampling, &colours)
    if status != 0 { try throwUnlessHarmless() }
    // A file that ends among its tables is no error to TurboJPEG.
    guard width > 0, height > 0 else { throw .damaged("the file ends before the picture starts") }
    guard colours != Int32(TJCS_CMYK.rawValue), colours != Int32(TJCS_YCCK.rawValue) else {
      throw .unsupported("a JPEG in CMYK colours")
    }
    let pixelCount = Int(width) * Int(height)
    if !JPEGScans.isHarmless(pixelCount: pixelCount) {
      let scans = JPEGScans(bytes)
      guard scans.isAffordable(pixelCount: pixelCount) else {
        throw .unsupported("a JPEG of \(scans.count) scans over \(width) × \(height) pixels")
      }
    }
    return (Int(width), Int(height))
  }

  /// The picture as RGB, scaled to a size that is a multiple of an eighth of its own.
  func decode(
    into pixels: UnsafeMutableBufferPointer<UInt8>, width: Int, height: Int
  ) throws(ImageFault) {
    let flags = TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS
    let status = tjDecompress2(
      handle, bytes.bindMemory(to: UInt8.self).baseAddress, UInt(bytes.count), pixels.baseAddress, Int32(width), 0,
      Int32(height), Int32(TJPF_RGB.rawValue), flags)
    if status != 0 { try throwUnlessHarmless() }
  }

  /// Stray bytes between markers leave the picture whole, and libjpeg passes over them; anything else does not.
  private func throwUnlessHarmless() throws(ImageFault) {
    let text = tjGetErrorStr2(handle).map { String(cString: $0) } ?? "unknown error"
    if tjGetErrorCode(handle) == Int32(TJERR_WARNING.rawValue), text.contains("extraneous bytes") { return }
    throw .damaged(text)
  }
}
