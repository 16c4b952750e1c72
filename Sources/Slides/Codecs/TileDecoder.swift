package import FeatureData

/// Decodes tile pictures, JPEG or PNG, on any thread.
///
/// JPEG: the accurate integer DCT and smooth chroma upsampling, libjpeg's defaults, so that the pixels are those
/// that every other reader of the file sees; see `JPEGTile` and `PNGTile` for orientation, profiles and transparency.
/// Each picture has a TurboJPEG handle of its own, because a handle keeps the tables of the picture before, and would
/// decode one that lacks its own tables with them.
package struct TileDecoder: Sendable {
  /// No tile is wider or higher; a picture that claims to be is refused before memory is taken for it.
  package static let maximumSide = 8192
  /// No file of such a picture is longer.
  static let maximumByteCount = 256 << 20

  package init() {}

  /// The whole picture.
  package func decode(_ bytes: UnsafeRawBufferPointer) throws(ImageFault) -> RGBImage {
    try decode(bytes, fittingSide: Self.maximumSide)
  }

  /// The picture made 2, 4 or 8 times smaller while decoding, both sides at least `fittingSide`; a PNG as it is.
  ///
  /// libjpeg scales by other eighths too, but slower than it decodes the whole.
  package func decode(_ bytes: UnsafeRawBufferPointer, fittingSide: Int) throws(ImageFault) -> RGBImage {
    let whole = try size(of: bytes)
    var (width, height) = whole
    if TileFormat(bytes) == .jpeg {
      let shorterSide = min(whole.width, whole.height)
      let eighths = [1, 2, 4].first { eighths in (shorterSide * eighths + 7) / 8 >= fittingSide } ?? 8
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
    case .jpeg: size = try JPEGTile(bytes).size
    case .png: size = try PNGTile(bytes).size
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
      try PNGTile(bytes).decode(into: pixels)
      return
    }
    try JPEGTile(bytes).decode(into: pixels, width: width, height: height)
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
