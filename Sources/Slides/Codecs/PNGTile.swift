import CPNGReader

/// One PNG file, decoded by libpng.
struct PNGTile: ~Copyable {
  private let reader: OpaquePointer
  let size: (width: Int, height: Int)

  /// Reads the header. The bytes must outlive the value.
  init(_ bytes: UnsafeRawBufferPointer) throws(ImageFault) {
    guard let reader = png_file_open(bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count) else {
      throw .damaged("the PNG decoder could not be started")
    }
    var width: UInt32 = 0
    var height: UInt32 = 0
    guard Int(png_file_header_read(reader, &width, &height)) == PNG_FILE_READ else {
      let fault = Self.fault(reader)
      png_file_close(reader)
      throw fault
    }
    self.reader = reader
    size = (Int(width), Int(height))
  }

  deinit { png_file_close(reader) }

  /// The pixels as RGB: samples as they are stored, without gamma or colour profile.
  ///
  /// Of 16 bits the high byte is taken, grey is spread, transparency is dropped, as Pillow's `convert("RGB")`,
  /// OpenCV and TensorFlow do; a model that was trained with one of them sees the same tile. To be called once.
  consuming func decode(into pixels: UnsafeMutableBufferPointer<UInt8>) throws(ImageFault) {
    precondition(pixels.count >= size.width * size.height * 3, "the pixels must fit")
    guard Int(png_file_pixels_read(reader, pixels.baseAddress)) == PNG_FILE_READ else { throw Self.fault(reader) }
  }

  /// The same over white. It takes the memory of a row besides.
  consuming func decodeOverWhite(into pixels: UnsafeMutableBufferPointer<UInt8>) throws(ImageFault) {
    precondition(pixels.count >= size.width * size.height * 3, "the pixels must fit")
    guard Int(png_file_pixels_read_over_white(reader, pixels.baseAddress)) == PNG_FILE_READ else {
      throw Self.fault(reader)
    }
  }

  /// As the file says; 0 if it does not.
  var pixelsPerMetre: Double { png_file_pixels_per_metre(reader) }

  private static func fault(_ reader: OpaquePointer) -> ImageFault {
    .damaged(String(cString: png_file_reader_message(reader)))
  }
}
