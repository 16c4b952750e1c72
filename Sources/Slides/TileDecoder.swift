import CPNG
import CTurboJPEG
package import FeatureData

/// Decodes tile pictures, JPEG or PNG; make one for each thread.
///
/// JPEG: the accurate integer DCT and smooth chroma upsampling, libjpeg's defaults, so that the pixels are those
/// that every other reader of the file sees. "A handle should not be shared among threads" (TurboJPEG), hence
/// neither copyable nor Sendable.
package struct TileDecoder: ~Copyable {
  /// No tile is wider or higher; a picture that claims to be is refused before memory is taken for it.
  package static let maximumSide = 8192

  private let handle: tjhandle?

  package init() { handle = tjInitDecompress() }

  deinit { if let handle { tjDestroy(handle) } }

  /// The whole picture.
  package func decode(_ bytes: UnsafeRawBufferPointer) throws(ImageFault) -> RGBImage {
    try decode(bytes, fittingSide: Self.maximumSide)
  }

  /// The picture made smaller by eighths while decoding, both sides at least `fittingSide`; a PNG as it is.
  package func decode(_ bytes: UnsafeRawBufferPointer, fittingSide: Int) throws(ImageFault) -> RGBImage {
    let whole = try size(of: bytes)
    var (width, height) = whole
    if TileFormat(bytes) == .jpeg {
      let shorterSide = min(whole.width, whole.height)
      let eighths = (1..<8).first { eighths in (shorterSide * eighths + 7) / 8 >= fittingSide } ?? 8
      width = (whole.width * eighths + 7) / 8
      height = (whole.height * eighths + 7) / 8
    }
    var fault: ImageFault?
    let pixels = [UInt8](unsafeUninitializedCapacity: width * height * 3) { buffer, count in
      do throws(ImageFault) {
        try decodePixels(bytes, into: buffer, width: width, height: height)
        count = width * height * 3
      } catch {
        fault = error
      }
    }
    if let fault { throw fault }
    return RGBImage(width: width, height: height, pixels: pixels)
  }

  /// The picture's pixels from its header.
  package func size(of bytes: UnsafeRawBufferPointer) throws(ImageFault) -> (width: Int, height: Int) {
    let size: (width: Int, height: Int)
    switch TileFormat(bytes) {
    case .jpeg: size = try jpegSize(bytes)
    case .png: size = try PNGTile.size(of: bytes)
    case nil: throw .unknownFormat
    }
    guard (1...Self.maximumSide).contains(size.width), (1...Self.maximumSide).contains(size.height) else {
      throw .tooLarge(width: size.width, height: size.height)
    }
    return size
  }

  /// Decodes a picture of exactly `width × height` pixels into `height × width × 3` bytes.
  package func decode(
    _ bytes: UnsafeRawBufferPointer, into pixels: UnsafeMutableBufferPointer<UInt8>, width: Int, height: Int
  ) throws(ImageFault) {
    let actual = try size(of: bytes)
    guard actual == (width, height) else {
      throw .wrongSize(width: actual.width, height: actual.height, expectedWidth: width, expectedHeight: height)
    }
    try decodePixels(bytes, into: pixels, width: width, height: height)
  }

  private func decodePixels(
    _ bytes: UnsafeRawBufferPointer, into pixels: UnsafeMutableBufferPointer<UInt8>, width: Int, height: Int
  ) throws(ImageFault) {
    precondition(pixels.count >= width * height * 3, "the pixels must fit")
    if TileFormat(bytes) == .png {
      try PNGTile.decode(bytes, into: pixels)
      return
    }
    let flags = TJFLAG_ACCURATEDCT | TJFLAG_LIMITSCANS
    let status = tjDecompress2(
      handle, bytes.bindMemory(to: UInt8.self).baseAddress, UInt(bytes.count), pixels.baseAddress, Int32(width), 0,
      Int32(height), Int32(TJPF_RGB.rawValue), flags)
    if status != 0 { try throwUnlessHarmless() }
  }

  private func jpegSize(_ bytes: UnsafeRawBufferPointer) throws(ImageFault) -> (width: Int, height: Int) {
    guard let handle else { throw .damaged("the JPEG decoder could not be started") }
    var width: Int32 = 0
    var height: Int32 = 0
    var subsampling: Int32 = 0
    var colours: Int32 = 0
    let status = tjDecompressHeader3(
      handle, bytes.bindMemory(to: UInt8.self).baseAddress, UInt(bytes.count), &width, &height, &subsampling, &colours)
    if status != 0 { try throwUnlessHarmless() }
    guard colours != Int32(TJCS_CMYK.rawValue), colours != Int32(TJCS_YCCK.rawValue) else {
      throw .unsupported("a JPEG in CMYK colours")
    }
    return (Int(width), Int(height))
  }

  /// Stray bytes between markers leave the picture whole, and libjpeg passes over them; anything else does not.
  private func throwUnlessHarmless() throws(ImageFault) {
    let text = tjGetErrorStr2(handle).map { String(cString: $0) } ?? "unknown error"
    if tjGetErrorCode(handle) == Int32(TJERR_WARNING.rawValue), text.contains("extraneous bytes") { return }
    throw .damaged(text)
  }
}

/// What a picture's first bytes say it is.
enum TileFormat {
  case jpeg, png

  init?(_ bytes: UnsafeRawBufferPointer) {
    if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
      self = .jpeg
    } else if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
      self = .png
    } else {
      return nil
    }
  }
}
