import CTIFF

/// One small TIFF file, such as a tile, decoded by libtiff.
///
/// Only loose tiles are such files; in records and elsewhere a tile is JPEG or PNG.
struct TIFFTile: ~Copyable {
  private let picture: OpaquePointer
  let size: (width: Int, height: Int)

  static func isOne(_ bytes: UnsafeRawBufferPointer) -> Bool {
    // Classic and BigTIFF, of both orders of bytes.
    [[0x49, 0x49, 0x2A, 0], [0x4D, 0x4D, 0, 0x2A], [0x49, 0x49, 0x2B, 0], [0x4D, 0x4D, 0, 0x2B]].contains {
      bytes.starts(with: $0)
    }
  }

  /// The bytes must outlive the value.
  init(_ bytes: UnsafeRawBufferPointer) throws(ImageFault) {
    guard let picture = tiff_picture_open(bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count) else {
      throw .damaged("the TIFF decoder could not be started")
    }
    let (width, height) = (Int(tiff_picture_width(picture)), Int(tiff_picture_height(picture)))
    guard width > 0, height > 0 else {
      let fault = Self.fault(picture)
      tiff_picture_close(picture)
      throw fault
    }
    guard width <= TileDecoder.maximumSide, height <= TileDecoder.maximumSide else {
      tiff_picture_close(picture)
      throw .tooLarge(width: width, height: height)
    }
    self.picture = picture
    size = (width, height)
  }

  deinit { tiff_picture_close(picture) }

  /// The same pixels as a PNG file.
  consuming func png() throws(ImageFault) -> [UInt8] {
    var isRead = false
    let pixels = [UInt8](unsafeUninitializedCapacity: size.width * size.height * 3) { buffer, count in
      isRead = tiff_picture_read(picture, buffer.baseAddress) != 0
      count = isRead ? size.width * size.height * 3 : 0
    }
    guard isRead else { throw Self.fault(picture) }
    return try pixels.withUnsafeBufferPointer { pixels throws(ImageFault) in
      try TileEncoder().png(pixels, width: size.width, height: size.height)
    }
  }

  private static func fault(_ picture: OpaquePointer) -> ImageFault {
    let words = String(cString: tiff_picture_message(picture))
    return .damaged(words.isEmpty ? "libtiff cannot read it" : words)
  }
}
